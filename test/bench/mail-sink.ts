// A server that takes mail as fast as a socket allows and forgets it: run as a process of its own, so that neither contestant
// pays for it on its own thread. Prints its port; a `SIGUSR2` prints how many messages it has taken.
import { createServer } from 'node:net';

const END = Buffer.from('\r\n.\r\n');
let taken = 0;

const server = createServer((socket) => {
  let isInData = false;
  let rest = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('data', (chunk) => {
    let input = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    let replies = '';
    for (;;) {
      if (isInData) {
        const end = input.indexOf(END);
        if (end < 0) {
          // Only the last bytes can begin the final dot; the others are done with.
          rest = Buffer.from(input.subarray(Math.max(0, input.length - 4)));
          break;
        }
        taken += 1;
        isInData = false;
        replies += '250 2.0.0 Ok: queued as 4ABCDEF\r\n';
        input = input.subarray(end + END.length);
        continue;
      }
      const end = input.indexOf('\r\n');
      if (end < 0) {
        rest = Buffer.from(input);
        break;
      }
      const verb = input.toString('latin1', 0, 4).toUpperCase();
      input = input.subarray(end + 2);
      if (verb === 'EHLO') replies += '250-sink\r\n250-PIPELINING\r\n250 8BITMIME\r\n';
      else if (verb === 'DATA') {
        replies += '354 Go\r\n';
        isInData = true;
      } else replies += verb === 'QUIT' ? '221 Bye\r\n' : '250 2.1.0 Ok\r\n';
    }
    if (replies !== '') socket.write(replies);
  });
  socket.write('220 sink ESMTP\r\n');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' && address ? address.port : 0}\n`);
});
process.on('SIGUSR2', () => process.stdout.write(`taken ${taken}\n`));
process.on('SIGTERM', () => process.exit(0));
