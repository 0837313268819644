// Japan Post's own samples (郵便番号制マニュアル p17–p20) and the bars read back.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  customerBarcode,
  encodeCustomerBarcode,
  extractAddressNumber,
  readKanjiNumeral,
} from '../../src/delivery/letters/customer-barcode.ts';
import { readCustomerBarcode } from '../support/read-customer-barcode.ts';

/** [postcode, address behind the town, address number]. */
const samples: [string, string, string][] = [
  ['2630023', '3丁目30-8　郵便ビル403号', '3-30-8-403'],
  ['0140113', '南田茂木　添60-1', '60-1'],
  ['1100016', '5-6-3　ABCビル10F', '5-6-3-10'],
  ['0600906', '4丁目　郵便センター6号館', '4-6'],
  ['0650006', '8丁目　郵便センター10号館', '8-10'],
  ['4070033', '韮崎400', '400'],
  ['2730102', '東3丁目-20-5　郵便・A&bコーポB604号', '3-20-5B604'],
  ['1980036', '十一丁目六番地一号　郵便タワー601', '11-6-1-601'],
  ['0270203', '第二十一地割大淵川480', '21-480'],
  ['5900016', '四丁六番十九号', '4-6-19'],
  ['0800831', '南七線西28', '7-28'],
  ['3170055', '6丁目7-14　ABCビル2F', '6-7-14-2'],
  ['6500046', '9丁目7-6　郵便シティA棟1F1号', '9-7-6A1-1'],
  ['6230011', '綾部6-7　LプラザB106', '6-7LB106'],
  ['0640804', '29丁目1524-23　第2郵便ハウス501', '29-1524-23-2-501'],
  ['9100067', '3丁目80-25　J1ビル2-B', '3-80-25J1-2B'],
];

describe('the customer barcode', () => {
  it.each(samples)('takes from %s %s the address number %s', (postcode, address, addressNumber) => {
    expect(extractAddressNumber(address)).toBe(addressNumber);
    const barcode = customerBarcode(postcode, address);
    expect(barcode?.bars).toHaveLength(67);
    const read = readCustomerBarcode(barcode?.bars ?? []);
    expect(read?.postcode).toBe(postcode);
    expect(addressNumber.startsWith(read?.addressNumber ?? '?')).toBe(true);
  });

  it('has the check symbol 9 of the manual for 100-0013 1-3-2-503', () => {
    expect(encodeCustomerBarcode('1000013', '1-3-2-503').check).toBe(9);
  });

  it('is not printed for a postcode that names no town', () => {
    expect(customerBarcode('100-0000', '1-2-3')).toBeNull();
    expect(customerBarcode(undefined, '1-2-3')).toBeNull();
    expect(customerBarcode('123', '1-2-3')).toBeNull();
  });

  it('keeps a control code alone when its digit no longer fits', () => {
    const read = readCustomerBarcode(encodeCustomerBarcode('1000013', '1-22-33-4567A').bars);
    expect(read?.addressNumber).toBe('1-22-33-4567');
  });

  it('reads full-width digits and every hyphen people type alike', () => {
    expect(extractAddressNumber('１－２−３ー４‐５')).toBe('1-2-3-4-5');
    expect(extractAddressNumber('1丁目2番3号 メゾン・ド・フルール')).toBe('1-2-3');
  });

  it('reads kanji numerals with and without units', () => {
    expect(['十', '十一', '二十', '百二十三', '一〇三', '九'].map(readKanjiNumeral)).toEqual([10, 11, 20, 123, 103, 9]);
  });

  it('is read back from its bars for any number that fits', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{7}$/), fc.stringMatching(/^\d{1,4}(-\d{1,3}){0,2}$/), (postcode, number) => {
        expect(readCustomerBarcode(encodeCustomerBarcode(postcode, number).bars)).toEqual({
          postcode,
          addressNumber: number,
        });
      }),
    );
  });

  it('is refused by the reader when one bar is wrong', () => {
    const bars = [...encodeCustomerBarcode('1000013', '1-3-2-503').bars];
    bars[10] = bars[10] === 'F' ? 'T' : 'F';
    expect(readCustomerBarcode(bars)).toBeNull();
  });
});
