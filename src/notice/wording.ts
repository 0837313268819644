// Phrases that a notice must not hold, or may hold only under a condition, as tables per language. Sources: the structure of published
// notices and guides for them; a phrase here is a reason to look again, and the remedy says what to write instead.
import type { NoticeLanguage } from './notice-person.ts';

type Patterns = Record<NoticeLanguage, readonly RegExp[]>;

/** Words that can be read as admitting liability. They need a lawyer's and the insurer's release in the front matter. */
export const liabilityWords: Patterns = {
  ja: [
    /過失/,
    /落ち度/,
    /違法/,
    /賠償/,
    /補償(?:いた|させ|し|金)/,
    /責任を(?:負|認め|取|とり)/,
    /(?:当社|弊社)の責任/,
    /義務(?:に違反|違反)/,
    /怠(?:った|って|り)/,
    /管理(?:体制)?の?不備/,
  ],
  en: [
    /\bnegligen(?:t|ce|tly)\b/i,
    /\bliab(?:le|ility)\b/i,
    /\bour (?:own )?fault\b/i,
    /\bcompensat(?:e|ion|ing)\b/i,
    /\bdamages\b/i,
    /\bunlawful(?:ly)?\b/i,
    /\bbreach of (?:duty|contract)\b/i,
    /\bwe (?:admit|accept (?:full )?responsibility)\b/i,
  ],
};

/** Phrases that excuse the sender or blame someone else: they turn an apology into a defence. */
export const blamePhrases: Patterns = {
  ja: [
    /何度も確認/,
    /指示があった/,
    /想定外/,
    /想定を(?:はるかに)?超え/,
    /やむを得/,
    /不可抗力/,
    /万全を期して(?:い|お)/,
    /防ぎようがな/,
    /委託先の(?:責任|ミス|過失)/,
    /従業員の不注意/,
    /(?:一部|過剰な)報道/,
    /ご自身の(?:責任|管理)/,
  ],
  en: [
    /\bdespite (?:all )?our best efforts\b/i,
    /\bbeyond our control\b/i,
    /\bunforeseeable\b/i,
    /\bcould not (?:have been|be) prevented\b/i,
    /\bhighly sophisticated\b/i,
    /\bnot our fault\b/i,
    /\bcareless employee\b/i,
    /\bour contractor(?:'s| is to) (?:fault|blame)\b/i,
  ],
};

/** What is left over from a template. */
export const placeholders: readonly RegExp[] = [
  /[○〇◯●]{2,}/,
  /[△▲□■×✕＊]{2,}/,
  /X{2,}/,
  /Ｘ{2,}/,
  /x{3,}/,
  /\bTODO\b/i,
  /\bTBD\b/i,
  /要確認|要修正|仮置き/,
  /\bYYYY\b|\bMM月\b/,
  /lorem ipsum/i,
  /\[[^\]\n]{1,40}\]/,
  /＿{2,}|_{3,}/,
  /20[○〇◯X]{2}/,
];

/** Services that hide where a link leads; nobody can check such an address before visiting it. */
export const linkShorteners = [
  'bit.ly',
  't.co',
  'goo.gl',
  'tinyurl.com',
  'ow.ly',
  'is.gd',
  'x.gd',
  'lin.ee',
  'amzn.to',
  'buff.ly',
  'rebrand.ly',
  'cutt.ly',
  'ux.nu',
  's.id',
] as const;

/** Asking people to follow a link is what the fraudsters who come after a breach do. */
export const clickPhrases: Patterns = {
  ja: [
    /クリック/,
    /タップ/,
    /(?:下記|以下|こちら)の(?:リンク|URL)(?:から|より|を開)/,
    /こちらから(?:アクセス|ログイン)/,
  ],
  en: [/\bclick\b/i, /\btap (?:here|the|this)\b/i, /\bfollow (?:this|the) link\b/i],
};

/** "No misuse has been found", in any wording. True only with a day and with who established it. */
export const noMisusePhrases: Patterns = {
  ja: [
    /(?:不正|悪用|二次被害)[^。]{0,40}(?:確認(?:され|でき)て(?:い|お)(?:ない|りません|ません)|確認していな|発生して(?:い|お)(?:ない|りません|ません)|ございません|ありません)/,
  ],
  en: [
    /\bno (?:evidence of |sign of |case of |instance of )?(?:misuse|fraud(?:ulent use)?|secondary damage)[^.]{0,60}(?:confirmed|found|known|reported|seen|identified)/i,
    /\bnot (?:been )?misused\b/i,
  ],
};

/** How a text says who established something. */
export const sourcePhrases: Record<NoticeLanguage, RegExp> = {
  ja: /による|により|調査|照会/,
  en: /\baccording to\b|\bby\b|\binvestigat|\benquir|\bconfirmed with\b/i,
};

/** The leak stated as a fact, with no word of possibility in it. */
export const assertedLeak: Record<NoticeLanguage, RegExp> = {
  ja: /(?:漏えい|漏洩|流出)(?:いた|が発生)?し(?:ました|て(?:い|お)(?:ます|ります)|た(?:こと|事実)(?!(?:の|が)?(?:おそれ|可能性)))/,
  en: /(?<!(?:may|might|could)(?: also)? )(?:\b(?:has|have|had) been|\bwas|\bwere|\bhas|\bhave) (?:leaked|stolen|exposed|disclosed|obtained by)\b/i,
};

/** The leak stated as a possibility. */
export const possibleLeak: Record<NoticeLanguage, RegExp> = {
  ja: /(?:漏えい|漏洩|流出)(?:した|の|する)?(?:おそれ|恐れ|可能性)/,
  en: /\b(?:may|might|could)(?: also)? have (?:been )?(?:leaked|stolen|exposed|disclosed|obtained)\b/i,
};

/** What must be said of a gift: it waives nothing, costs nothing, may be declined. */
export const giftTerms: Record<'waives' | 'costs' | 'declined', Record<NoticeLanguage, RegExp>> = {
  waives: {
    ja: /(?:権利|請求)[^。]{0,40}(?:放棄|制限|妨げ|影響|失)|(?:放棄|制限)[^。]{0,30}(?:ありません|ございません)/,
    en: /\bwaive|\brights?\b[^.]{0,60}\b(?:affect|limit|lose|give up)|\b(?:affect|limit|lose|give up)[^.]{0,60}\brights?\b/i,
  },
  costs: {
    ja: /(?:費用|料金|送料|ご負担)[^。]{0,40}(?:いただ|不要|かかりません|かかることは|お願い(?:する|いた)|求め|ありません|ございません)|無料|無償/,
    en: /\bfree of charge\b|\bcosts? (?:you )?nothing\b|\bno (?:cost|charge|fee|payment)\b/i,
  },
  declined: { ja: /辞退|ご不要|お受け取りにならな/, en: /\bdecline|\brefuse|\bdo not (?:wish|want)\b/i },
};

/** That the mail also goes to people who asked for no newsletters, because it is no advertisement. */
export const optOutPhrase: Record<NoticeLanguage, RegExp> = {
  ja: /(?:メールマガジン|広告|ご案内|お知らせメール|配信)[^。]{0,40}(?:停止|希望され(?:てい)?ない|お断り|解除|受信)/,
  en: /\b(?:newsletters?|unsubscribed|opted out|marketing)\b/i,
};

export const guardianPhrase: Record<NoticeLanguage, RegExp> = { ja: /保護者|親権者/, en: /\bguardian|\bparent/i };

/** The first phrase of a table that occurs in the text, as written there. */
export function findPhrase(text: string, patterns: readonly RegExp[]): string | null {
  for (const pattern of patterns) {
    const found = pattern.exec(text)?.[0];
    if (found) return found;
  }
  return null;
}
