// Opens what a notification carries encrypted, in this browser: the private key becomes a key of WebCrypto that cannot
// be taken out again, and is forgotten with the page. How items are encrypted: docs/notifications.md.

const KEY_BYTES = 32;
const IV_BYTES = 16;
const RSA_OID = [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/** A private key from its PEM text, PKCS #8 or PKCS #1, without password. */
export async function readPrivateKey(pem) {
  const match = /-----BEGIN ((?:RSA )?PRIVATE KEY)-----([\s\S]+?)-----END \1-----/.exec(pem);
  if (!match) {
    throw new Error('That is no private key in PEM: it begins with -----BEGIN PRIVATE KEY-----.');
  }
  const bytes = bytesOf(match[2].replace(/\s+/g, ''));
  const pkcs8 = match[1].startsWith('RSA') ? wrap(bytes) : bytes;
  try {
    return await crypto.subtle.importKey('pkcs8', pkcs8, { name: 'RSA-OAEP', hash: 'SHA-1' }, false, ['decrypt']);
  } catch {
    throw new Error('The key cannot be read. It must be an RSA key without a password.');
  }
}

/** What an item says; throws when the key does not fit or the item was changed on the way. */
export async function decrypt(privateKey, { data, dataKey, dataSignature }) {
  let secret;
  try {
    secret = new Uint8Array(await crypto.subtle.decrypt({ name: 'RSA-OAEP' }, privateKey, bytesOf(dataKey)));
  } catch {
    throw new Error('The key does not fit this notification.');
  }
  if (secret.length !== KEY_BYTES) {
    throw new Error('The item’s own key has the wrong length.');
  }
  const encrypted = bytesOf(data);
  const mac = await crypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
  if (!(await crypto.subtle.verify('HMAC', mac, bytesOf(dataSignature), encrypted))) {
    throw new Error('The signature is wrong: somebody changed the item.');
  }
  const aes = await crypto.subtle.importKey('raw', secret, 'AES-CBC', false, ['decrypt']);
  const plain = await crypto.subtle.decrypt({ name: 'AES-CBC', iv: secret.slice(0, IV_BYTES) }, aes, encrypted);
  return JSON.parse(new TextDecoder().decode(plain));
}

const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/** PKCS #1 inside of PKCS #8: version 0, the name of RSA, the key. */
function wrap(pkcs1) {
  const key = der(0x04, pkcs1);
  return der(0x30, Uint8Array.from([0x02, 0x01, 0x00, ...RSA_OID, ...key]));
}

function der(tag, content) {
  const size = [];
  for (let length = content.length; length > 0; length >>>= 8) {
    size.unshift(length & 0xff);
  }
  const head = content.length < 0x80 ? [content.length] : [0x80 | size.length, ...size];
  return Uint8Array.from([tag, ...head, ...content]);
}
