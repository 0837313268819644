/** What the client published about the incident: 第一報, 続報, 最終報, 訂正. Facts, because a substitute measure points at one. */

export const publicationKinds = ['first', 'follow_up', 'final', 'correction'] as const;
export type PublicationKind = (typeof publicationKinds)[number];

/** The words by which people name a kind. */
export const publicationWords: Readonly<Record<string, PublicationKind>> = {
  first: 'first',
  follow_up: 'follow_up',
  final: 'final',
  correction: 'correction',
  第一報: 'first',
  続報: 'follow_up',
  最終報: 'final',
  訂正: 'correction',
};

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
