// A program for the real service, as its documentation has it: no address, no host list, no discovery switch.
// Only the ids are those of the demo tenant.

import { ClientSecretCredential } from '@azure/identity';
import { Client } from '@microsoft/microsoft-graph-client';
import { TokenCredentialAuthenticationProvider } from '@microsoft/microsoft-graph-client/authProviders/azureTokenCredentials/index.js';

const credential = new ClientSecretCredential(
  'aaaabbbb-0000-cccc-1111-dddd2222eeee',
  '00001111-aaaa-2222-bbbb-3333cccc4444',
  'demo-secret',
);
const client = Client.initWithMiddleware({
  authProvider: new TokenCredentialAuthenticationProvider(credential, {
    scopes: ['https://graph.microsoft.com/.default'],
  }),
});
console.log(JSON.stringify(await client.api(`/users/${process.argv[2]}/presence`).get()));
