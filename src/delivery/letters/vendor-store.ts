/** SQL of postings and of the files that vendors sent. */
import { z } from 'zod';
import { type Db, day, execute, instant, maybeRow, rows, sql, type Tx } from '../../platform/postgres/db.ts';

const postingRow = z
  .object({ id: z.string(), slip_number: z.string(), posted_on: day, post_office: z.string(), pieces: z.number() })
  .transform((found) => ({
    id: found.id,
    slipNumber: found.slip_number,
    postedOn: found.posted_on,
    postOffice: found.post_office,
    pieces: found.pieces,
  }));
export type Posting = z.output<typeof postingRow>;

export async function listPostings(db: Db, campaignId: string): Promise<Posting[]> {
  return await rows(
    db,
    postingRow,
    sql`select p.id, p.slip_number, p.posted_on, p.post_office,
          (select count(*)::int from delivery.piece_event e where e.posting_id = p.id) as pieces
        from delivery.posting p where p.campaign_id = ${campaignId} order by p.posted_on, p.slip_number`,
  );
}

export async function findPosting(db: Db, campaignId: string, slipNumber: string): Promise<Posting | null> {
  return await maybeRow(
    db,
    postingRow,
    sql`select id, slip_number, posted_on, post_office, 0 as pieces from delivery.posting
        where campaign_id = ${campaignId} and slip_number = ${slipNumber}`,
  );
}

export async function insertPosting(
  tx: Tx,
  posting: {
    id: string;
    campaignId: string;
    slipNumber: string;
    postedOn: string;
    postOffice: string;
    at: Date;
    factId: string;
  },
): Promise<void> {
  await execute(
    tx,
    sql`insert into delivery.posting (id, campaign_id, slip_number, posted_on, post_office, recorded_at, fact_id)
        values (${posting.id}, ${posting.campaignId}, ${posting.slipNumber}, ${posting.postedOn}, ${posting.postOffice}, ${posting.at}, ${posting.factId})`,
  );
}

const vendorFileRow = z
  .object({
    id: z.string(),
    kind: z.enum(['print_house', 'returns']),
    sha256: z.string(),
    line_count: z.number(),
    new_count: z.number(),
    problem_count: z.number(),
    loaded_at: instant,
  })
  .transform((found) => ({
    id: found.id,
    kind: found.kind,
    sha256: found.sha256,
    lines: found.line_count,
    recorded: found.new_count,
    problems: found.problem_count,
    loadedAt: found.loaded_at,
  }));
export type VendorFile = z.output<typeof vendorFileRow>;

export async function insertVendorFile(
  tx: Tx,
  campaignId: string,
  file: VendorFile & { fileId: string },
): Promise<void> {
  await execute(
    tx,
    sql`insert into delivery.vendor_file (id, campaign_id, kind, sha256, file_id, line_count, new_count, problem_count, loaded_at)
        values (${file.id}, ${campaignId}, ${file.kind}, ${file.sha256}, ${file.fileId}, ${file.lines}, ${file.recorded}, ${file.problems}, ${file.loadedAt})`,
  );
}
