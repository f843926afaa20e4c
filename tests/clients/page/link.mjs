// A connection that can be cut: what stands between a browser and a server when somebody closes a laptop.

import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export async function startLink(port) {
  const sockets = new Set();
  const listener = createServer((browser) => {
    const server = connect(port, 'localhost');
    for (const [socket, other] of [[browser, server], [server, browser]]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => (sockets.delete(socket), other.destroy()));
      socket.pipe(other);
    }
  });
  listener.listen(0, 'localhost');
  await once(listener, 'listening');
  const { port: own } = listener.address();
  return {
    url: `http://localhost:${own}`,
    async cut() {
      const closed = once(listener, 'close');
      listener.close();
      sockets.forEach((socket) => socket.destroy());
      await closed;
    },
    async mend() {
      listener.listen(own, 'localhost');
      await once(listener, 'listening');
    },
  };
}
