namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>What a token is asked for with.</summary>
internal enum GrantType : byte
{
    ClientCredentials,
    AuthorizationCode,
    RefreshToken,
    DeviceCode,
    Password,
    OnBehalfOf,
}

/// <summary>The names of grants.</summary>
internal static class GrantTypes
{
    private const string UrnPrefix = "urn:";
    private const string DeviceCodeUrn = "urn:ietf:params:oauth:grant-type:device_code";
    private const string OnBehalfOfUrn = "urn:ietf:params:oauth:grant-type:jwt-bearer";

    /// <summary>
    /// Null: there is no such grant. URNs have no letter case: the official SDKs for PHP and Ruby write <c>Oauth</c> in them.
    /// </summary>
    public static GrantType? Find(string type) =>
        (type.StartsWith(UrnPrefix, StringComparison.OrdinalIgnoreCase) ? type.ToLowerInvariant() : type) switch
        {
            "client_credentials" => GrantType.ClientCredentials,
            "authorization_code" => GrantType.AuthorizationCode,
            "refresh_token" => GrantType.RefreshToken,
            // MSAL.NET sends the short name, the documentation has the long one.
            "device_code" or DeviceCodeUrn => GrantType.DeviceCode,
            "password" => GrantType.Password,
            OnBehalfOfUrn => GrantType.OnBehalfOf,
            _ => null,
        };
}
