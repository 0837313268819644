/**
 * Composes one mail of one person from the texts of a plan, checked before it may leave (promise 5). The one composer of the
 * sender and of the preview, so that what approvers see is what leaves (promise 3).
 */
import type { CampaignFile } from '../../campaign/folder/campaign-file.ts';
import type { Day } from '../../kernel/calendar.ts';
import { AppError, errorCodeOf } from '../../kernel/errors.ts';
import { assertCleanOutput, type OtherNames } from '../../notice/clean-output.ts';
import { type NoticeContext, noticeContext } from '../../notice/notice-context.ts';
import { noticePerson, type PersonSource } from '../../notice/notice-person.ts';
import { type CompiledNotice, compileNotice } from '../../notice/read-notice.ts';
import { renderEmail, sharedTextOf } from '../../notice/render-email.ts';
import type { Notice } from '../../notice/store.ts';
import type { Mailbox } from '../../platform/smtp/mail-message.ts';
import type { ComposedMail } from './mail-plan.ts';

/** A text compiled for the mails of one day. */
export type MailText = {
  readonly notice: CompiledNotice;
  readonly context: NoticeContext;
  readonly sharedText: string;
};

/** Throws NOTICE_INVALID when the text cannot be read. */
export function compileMailText(
  file: CampaignFile,
  source: { variant: string; language: Notice['language']; text: string },
  sentOn: Day,
): MailText {
  const notice = compileNotice({ file: `notice/${source.variant}.${source.language}.md`, ...source });
  // A card cannot travel by e-mail, so no mail announces one.
  const context = noticeContext(notice, file, { sentOn });
  return { notice, context, sharedText: sharedTextOf(notice, context) };
}

/** Who writes, as the plan names them. */
export function mailSenderOf({ sender }: CampaignFile): { from: Mailbox; replyTo?: Mailbox; returnDomain: string } {
  const { from, fromName, replyTo, returnDomain } = sender.email;
  return {
    from: { name: fromName ?? sender.name, address: from },
    ...(replyTo ? { replyTo: { address: replyTo } } : {}),
    returnDomain,
  };
}

/** A mail ready to be built, or the code of what stopped it. */
export function composeMail(
  { file, sentOn, text, others }: { file: CampaignFile; sentOn: Day; text: MailText; others?: OtherNames },
  record: PersonSource & { email: string },
  { language, number }: Pick<Notice, 'language' | 'number'>,
): ComposedMail {
  const { items } = file.incident;
  const person = noticePerson(record, { language, number, items, sentOn, gift: false });
  const known = new Set(items.map((item) => item.code));
  try {
    const rendered = renderEmail(text.notice, person, text.context);
    assertCleanOutput(rendered, person, {
      ...(others === undefined ? {} : { others }),
      unknownItems: record.leakedItems.filter((code) => !known.has(code)),
    });
    return { kind: 'ready', to: { address: record.email }, ...rendered, language };
  } catch (error) {
    if (error instanceof AppError) return { kind: 'blocked', code: errorCodeOf(error) };
    throw error;
  }
}
