/** Thread entry of `prepareBatch`: a million rows want every core for hashing and sealing, and the main loop none of it. */
import { serveThread } from '../platform/threads.ts';
import { type BatchInput, type PreparedBatch, prepareBatch } from './prepare-batch.ts';

const buffersOf = (batch: PreparedBatch): ArrayBuffer[] =>
  [batch.tuples, batch.refs, batch.numbers].map((view) => view.buffer as ArrayBuffer);

serveThread<BatchInput, PreparedBatch>(prepareBatch, buffersOf);
