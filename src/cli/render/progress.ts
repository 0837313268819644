/** Progress on stderr: a bar that redraws itself for a person, nothing for a pipe. */
import { stderr } from 'node:process';

const BAR_WIDTH = 24;
const REDRAW_MS = 80;

export type Progress = { draw(label: string, done: number, total: number): void; clear(): void };

export function createProgress(isSilent: boolean): Progress {
  const isTerminal = Boolean(stderr.isTTY) && !isSilent;
  let last = 0;
  let isDrawn = false;
  return {
    draw(label, done, total) {
      if (!isTerminal) return;
      const now = Date.now();
      if (now - last < REDRAW_MS && done < total) return;
      last = now;
      const share = total > 0 ? Math.min(1, done / total) : 0;
      const filled = Math.round(share * BAR_WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(BAR_WIDTH - filled);
      stderr.write(
        `\r\u001b[2K${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${label}  ${done.toLocaleString('en')} / ${total.toLocaleString('en')}`,
      );
      isDrawn = true;
    },
    clear() {
      if (isDrawn) stderr.write('\r\u001b[2K');
      isDrawn = false;
    },
  };
}
