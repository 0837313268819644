/** Reads a customer barcode as a sorting machine does, from the table of the manual (郵便番号制マニュアル p12), written down once more. */
import type { Bar } from '../../src/delivery/letters/customer-barcode.ts';

/** Bars of each symbol in the order of their values; a to h are CC1 to CC8. */
const symbols = new Map(
  [
    ...['FTT 0', 'FFT 1', 'FDA 2', 'DFA 3', 'FAD 4', 'FTF 5', 'DAF 6', 'AFD 7', 'ADF 8', 'TFF 9'],
    ...['TFT -', 'DAT a', 'DTA b', 'ADT c', 'TDA d', 'ATD e', 'TAD f', 'TTF g', 'FFF h'],
  ].map((row) => row.split(' ') as [string, string]),
);
const order = [...symbols.values()];

/** The postcode and the address number as far as 13 symbols carry it. Null when the bars are none or the check symbol is wrong. */
export function readCustomerBarcode(bars: readonly Bar[]): { postcode: string; addressNumber: string } | null {
  const [, inner] = /^FD([FADT]{63})DF$/.exec(bars.join('')) ?? [];
  const read = (inner ?? '').match(/.{3}/g)?.map((pattern) => symbols.get(pattern)) ?? [];
  const values = read.map((symbol) => (symbol === undefined ? -1 : order.indexOf(symbol)));
  if (values.length === 0 || values.includes(-1) || values.reduce((sum, value) => sum + value, 0) % 19 !== 0)
    return null;
  const payload = read.slice(0, -1).join('');
  const addressNumber = payload
    .slice(7)
    .replaceAll(/([abc])(\d)/gu, (_, control: string, digit: string) =>
      String.fromCharCode(65 + 'abc'.indexOf(control) * 10 + Number(digit)),
    )
    .replaceAll(/[a-h]/gu, '');
  return { postcode: payload.slice(0, 7), addressNumber };
}
