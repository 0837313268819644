/** Mails that a mail system would send back: delivery status (RFC 3464) and complaint (RFC 5965), as real ones look. Pure. */
import { formatMailDate } from '../platform/smtp/mail-message.ts';

export type CaughtMail = {
  readonly returnPath: string;
  readonly recipient: string;
  readonly messageId: string;
  readonly queueId: string;
  readonly at: Date;
};

const verdicts = {
  bounce_unknown: {
    action: 'failed',
    status: '5.1.1',
    said: (to: string) => `550 5.1.1 <${to}>: Recipient address rejected: User unknown`,
  },
  bounce_full: { action: 'failed', status: '5.2.2', said: (to: string) => `552 5.2.2 <${to}>: Mailbox full` },
  delay: {
    action: 'delayed',
    status: '4.4.1',
    said: () => 'connect to mail.example[192.0.2.1]:25: Connection timed out',
  },
} as const;

export type StatusVerdict = keyof typeof verdicts;

/** A report in Postfix's form, addressed to the return path. */
export function deliveryStatusMail(mail: CaughtMail, verdict: StatusVerdict): string {
  const { action, status, said } = verdicts[verdict];
  const boundary = `${mail.queueId}/relay.example`;
  const type = action === 'failed' ? 'Undelivered Mail Returned to Sender' : 'Delayed Mail (still being retried)';
  return [
    'Return-Path: <>',
    `Delivered-To: ${mail.returnPath}`,
    `Date: ${formatMailDate(mail.at)}`,
    'From: MAILER-DAEMON@relay.example (Mail Delivery System)',
    `To: ${mail.returnPath}`,
    `Subject: ${type}`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary="${boundary}"`,
    '',
    'This is a MIME-encapsulated message.',
    '',
    `--${boundary}`,
    'Content-Description: Notification',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host relay.example.',
    '',
    `<${mail.recipient}>: ${said(mail.recipient)}`,
    '',
    `--${boundary}`,
    'Content-Description: Delivery report',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; relay.example',
    `X-Postfix-Queue-ID: ${mail.queueId}`,
    `X-Postfix-Sender: rfc822; ${mail.returnPath}`,
    '',
    `Final-Recipient: rfc822; ${mail.recipient}`,
    `Original-Recipient: rfc822;${mail.recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: ${verdict === 'delay' ? 'X-Postfix' : 'smtp'}; ${said(mail.recipient)}`,
    '',
    `--${boundary}`,
    'Content-Description: Undelivered Message Headers',
    'Content-Type: text/rfc822-headers',
    '',
    `Return-Path: <${mail.returnPath}>`,
    `Message-ID: ${mail.messageId}`,
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

/** A complaint as a provider's feedback loop sends it. */
export function complaintMail(mail: CaughtMail): string {
  const boundary = `arf-${mail.queueId}`;
  return [
    `Date: ${formatMailDate(mail.at)}`,
    'From: <feedback@isp.example>',
    `To: ${mail.returnPath}`,
    'Subject: complaint about a message',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=feedback-report; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is an email abuse report.',
    '',
    `--${boundary}`,
    'Content-Type: message/feedback-report',
    '',
    'Feedback-Type: abuse',
    'User-Agent: Owabi-Demo/1',
    'Version: 1',
    `Original-Mail-From: <${mail.returnPath}>`,
    `Original-Rcpt-To: <${mail.recipient}>`,
    '',
    `--${boundary}`,
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${mail.messageId}`,
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The lines that Postfix writes about one mail. */
export function relayLogLines(mail: CaughtMail, end: 'sent' | 'bounced' | 'deferred'): string {
  const at = mail.at;
  const two = (value: number): string => String(value).padStart(2, '0');
  const stamp = `${MONTHS[at.getMonth()]} ${String(at.getDate()).padStart(2, ' ')} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())} relay postfix`;
  const verdict = {
    sent: 'dsn=2.0.0, status=sent (250 2.0.0 Ok)',
    bounced:
      'dsn=5.1.1, status=bounced (host mail.example[192.0.2.10] said: 550 5.1.1 User unknown (in reply to RCPT TO command))',
    deferred: 'dsn=4.4.1, status=deferred (connect to mail.example[192.0.2.1]:25: Connection timed out)',
  }[end];
  return (
    `${stamp}/cleanup[101]: ${mail.queueId}: message-id=${mail.messageId}\n` +
    `${stamp}/qmgr[102]: ${mail.queueId}: from=<${mail.returnPath}>, size=4000, nrcpt=1 (queue active)\n` +
    `${stamp}/smtp[103]: ${mail.queueId}: to=<${mail.recipient}>, relay=mail.example[192.0.2.10]:25, delay=0.2, delays=0/0/0.1/0.1, ${verdict}\n`
  );
}
