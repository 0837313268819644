/** The stage of the demo: one folder that holds everything it makes, an App of its own on it, and the demo's clock. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openOwnApp } from '../desk/open-own-app.ts';
import { type Desk, openDesk } from '../desk/run-operation.ts';
import type { App } from '../platform/app.ts';
import type { Config } from '../platform/config.ts';
import { createDemoClock, type DemoClock } from './demo-clock.ts';

/** How the demo speaks to whoever watches it. */
export type DemoVoice = {
  say(key: string, params?: Readonly<Record<string, string | number>>): string;
  tell(line: string): void;
  progress(label: string, done: number, total: number): void;
};

export type DemoFolders = {
  readonly root: string;
  readonly campaign: string;
  readonly rosters: string;
  readonly mails: string;
  readonly vendors: string;
  readonly export: string;
  readonly preview: string;
};

export type DemoStage = {
  readonly app: App;
  readonly clock: DemoClock;
  readonly folders: DemoFolders;
  readonly voice: DemoVoice;
  /** The desk as the people of the demo use it: whoever acts is named in the input. */
  readonly desk: Desk;
};

/** The people who act in the demo. All fictional. */
export const demoPeople = {
  loader: '情報 守',
  approvers: [
    { name: '総務 花子', passphrase: 'sakura-no-hana-2026' },
    { name: '法務 一郎', passphrase: 'mizuumi-to-yama-77' },
  ],
  riskManager: '危機 管理子',
  witness: '監査 次郎',
  insurer: '保険 担当太郎',
} as const;

export const DEMO_CAMPAIGN = 'mihon-2026';
const FOLDER_MODE = 0o700;
/** Workers, the sweep and the demo's own questions share the pool. */
const POOL_SIZE = 16;

export function demoFolders(root: string): DemoFolders {
  return {
    root,
    campaign: join(root, 'campaign'),
    rosters: join(root, 'rosters'),
    mails: join(root, 'mails'),
    vendors: join(root, 'vendors'),
    export: join(root, 'export'),
    preview: join(root, 'preview'),
  };
}

/** Opens the stage below `root`: data, keys and exports of the demo stay there, whatever the configuration says. */
export async function openDemoStage(
  config: Config,
  root: string,
  smtpUrl: string,
  voice: DemoVoice,
): Promise<DemoStage> {
  const folders = demoFolders(root);
  for (const folder of Object.values(folders)) mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const clock = createDemoClock();
  const app = await openOwnApp(
    {
      ...config,
      home: join(root, 'data'),
      keysDir: join(root, 'keys'),
      exportDir: folders.export,
      databaseUrl: null,
      smtpUrl,
    },
    { clock: clock.now, poolSize: POOL_SIZE },
  );
  return { app, clock, folders, voice, desk: openDesk(app, { door: 'demo', role: 'owner' }) };
}
