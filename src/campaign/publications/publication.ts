/** What the client published about the incident: 第一報, 続報, 最終報, 訂正. Facts, because a substitute measure points at one. */

export const publicationKinds = ['first', 'follow_up', 'final', 'correction'] as const;
export type PublicationKind = (typeof publicationKinds)[number];

export type Publication = {
  readonly id: string;
  readonly kind: PublicationKind;
  readonly url: string;
  /** SHA-256 of the document as published. */
  readonly documentSha256: string;
  /** The moment to which the document speaks. */
  readonly asOf: Date;
  readonly recordedAt: Date;
};
