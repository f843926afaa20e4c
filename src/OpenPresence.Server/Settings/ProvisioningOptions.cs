namespace OpenPresence.Server.Settings;

/// <summary>Who may fill the directory over SCIM. The section <c>provisioning</c> of the settings.</summary>
public sealed record ProvisioningOptions
{
    /// <summary>
    /// The identity providers, each for one tenant; none: there is no <c>/scim/v2</c>. Two for the same tenant are
    /// how a token is changed without a gap. At most 100.
    /// </summary>
    public IReadOnlyList<ProvisioningClientOptions> Clients { get; init; } = [];
}

/// <summary>One identity provider.</summary>
public sealed record ProvisioningClientOptions
{
    /// <summary>The tenant whose people it manages, and no others.</summary>
    public Guid Tenant { get; init; }

    /// <summary>The file that has its token, 32 characters or more. Either this or the hash.</summary>
    public string? TokenFile { get; init; }

    /// <summary>The token's SHA-256, in 64 hexadecimal digits. Either this or the file.</summary>
    public string? TokenSha256 { get; init; }

    /// <summary>
    /// Whether <c>externalId</c>, which then must be a GUID, becomes the id of a new person: so that the person is the
    /// one whom the tokens of the same provider name. Only for a provider that is trusted with ids, because they are
    /// unique over all tenants.
    /// </summary>
    public bool IdFromExternalId { get; init; }
}

/// <summary>Checks the section before the start.</summary>
public static class ProvisioningOptionsFaults
{
    public const int ClientsMax = 100;

    /// <summary>The digits of a SHA-256.</summary>
    public const int HashDigits = 64;

    /// <summary>Every fault of the section; none: it is good.</summary>
    public static IEnumerable<string> Of(ProvisioningOptions options)
    {
        if (options.Clients.Count > ClientsMax)
        {
            yield return $"clients: {ClientsMax} at most.";
        }
        for (var index = 0; index < options.Clients.Count; index++)
        {
            foreach (var fault in Of(options.Clients[index]))
            {
                yield return $"clients[{index}].{fault}";
            }
        }
        var hashes = options.Clients.Select(client => client.TokenSha256).OfType<string>().ToList();
        if (hashes.Distinct(StringComparer.OrdinalIgnoreCase).Count() < hashes.Count)
        {
            yield return "clients: two have the same tokenSha256; each needs a token of its own.";
        }
    }

    private static IEnumerable<string> Of(ProvisioningClientOptions client)
    {
        if (client.Tenant == Guid.Empty)
        {
            yield return "tenant: name the tenant by its id.";
        }
        if (client.TokenFile is null == client.TokenSha256 is null)
        {
            yield return "tokenFile: give the file with the token or tokenSha256, not both.";
        }
        if (client.TokenFile is { } file && !File.Exists(file))
        {
            yield return $"tokenFile: the file {file} is missing.";
        }
        if (client.TokenSha256 is { } hash && (hash.Length != HashDigits || !hash.All(char.IsAsciiHexDigit)))
        {
            yield return $"tokenSha256: must be {HashDigits} hexadecimal digits.";
        }
    }
}
