/** The content of a campaign folder that a test made: faults in it are faults of the test. */
import { type CampaignFolder, needFolder, readCampaignFolder } from '../../src/campaign/folder/campaign-folder.ts';

export async function folderContent(dir: string): Promise<CampaignFolder> {
  return needFolder(await readCampaignFolder(dir));
}
