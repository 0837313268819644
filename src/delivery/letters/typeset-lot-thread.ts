/** Typesetting on a thread of its own: a lot takes a third of a second of CPU, far more than the main loop may lose. */
import { serveThread } from '../../platform/threads.ts';
import { type TypesetInput, type TypesetOutput, typesetLot } from './typeset-lot.ts';

serveThread<TypesetInput, TypesetOutput>(typesetLot, (output) => [output.pdf.buffer as ArrayBuffer]);
