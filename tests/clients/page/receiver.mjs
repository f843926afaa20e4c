// A subscriber with a key of its own, for notifications that carry presence.

import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export async function startReceiver() {
  const folder = mkdtempSync(join(tmpdir(), 'openpresence-subscriber-'));
  const files = { key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') };
  execFileSync('openssl', [
    ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=subscriber'],
    ...['-keyout', files.key, '-out', files.certificate],
  ], { stdio: 'ignore' });
  const listener = createServer((request, response) => {
    const asked = new URL(request.url, 'http://receiver').searchParams.get('validationToken');
    request.resume();
    response.writeHead(asked ? 200 : receiver.status, { 'content-type': 'text/plain' }).end(asked ?? '');
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const receiver = {
    status: 202,
    url: `http://127.0.0.1:${listener.address().port}/presence`,
    privateKey: readFileSync(files.key, 'utf8'),
    certificate: new X509Certificate(readFileSync(files.certificate)).raw.toString('base64'),
    close() {
      listener.close();
      listener.closeAllConnections();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return receiver;
}
