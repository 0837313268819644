/** Which machine this is, as far as it can be known: a copied folder on another machine must not be taken for the first. */
import { readFileSync } from 'node:fs';

const FILES = ['/etc/machine-id', '/var/lib/dbus/machine-id'];

/** The id that the operating system gave itself at its first start, '' where there is none (containers, macOS). */
export function machineId(): string {
  for (const file of FILES) {
    try {
      const text = readFileSync(file, 'utf8').trim();
      if (text !== '') return text;
    } catch {
      // Not there: the next one.
    }
  }
  return '';
}
