// fontkit ships no types; platform/formats/pdf.ts narrows what it reads from an opened font.
declare module 'fontkit' {
  export function create(data: Uint8Array): unknown;
}
