#!/usr/bin/env node
// sign-in.mjs URL [CODE]: stands in for the browser and the person of a client in another language. Opens the page,
// chooses the person of SIGN_IN_AS, enters the code if there is one, and prints where the browser ends.

import { signIn } from './people.mjs';

const [url, code] = process.argv.slice(2);
const fields = code ? { user_code: code } : {};
console.log(`${await signIn(url, { person: process.env.SIGN_IN_AS, fields })}`);
