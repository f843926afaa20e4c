// The page of an application as the toolkit's documentation has it: a provider, a few elements, no address of
// a server. Only the client id and the tenant are those of the demo.

import { CacheService, LoginType, Providers } from '@microsoft/mgt-element';
import { Msal2Provider } from '@microsoft/mgt-msal2-provider';
import {
  registerMgtLoginComponent,
  registerMgtPeopleComponent,
  registerMgtPersonComponent,
} from '@microsoft/mgt-components';

// So that a presence is asked for again when the page wants it, and not after five minutes.
CacheService.config.presence.isEnabled = false;

Providers.globalProvider = new Msal2Provider({
  clientId: '11112222-bbbb-3333-cccc-4444dddd5555',
  authority: 'https://login.microsoftonline.com/contoso.example',
  redirectUri: `${location.origin}/`,
  loginType: LoginType.Redirect,
  scopes: ['User.Read', 'User.ReadBasic.All', 'People.Read', 'Presence.Read', 'Presence.Read.All'],
});
registerMgtLoginComponent();
registerMgtPersonComponent();
registerMgtPeopleComponent();
