using System.CommandLine;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Cli.Client;

/// <summary>
/// In whose name a command asks: with a token that it was given, as a person with a password, or as an application
/// with its secret. Where nothing is said it is the demo tenant's application, whose secret everybody knows.
/// </summary>
internal sealed record Credentials
{
    /// <summary>The demo tenant, as the README has it.</summary>
    public const string DemoTenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee";

    public const string DemoApplication = "00001111-aaaa-2222-bbbb-3333cccc4444";
    public const string DemoPublicClient = "11112222-bbbb-3333-cccc-4444dddd5555";
    public const string ScopeDefault = "https://graph.microsoft.com/.default";

    /// <summary>A token to use as it is; null: one is asked for.</summary>
    public string? Token { get; init; }

    /// <summary>The person; null: the application itself.</summary>
    public string? Person { get; init; }

    public required string Tenant { get; init; }

    public required string ClientId { get; init; }

    public string? ClientSecret { get; init; }

    public string? Password { get; init; }

    public string Scope { get; init; } = ScopeDefault;

    /// <summary>Whether the application that asks was left unsaid.</summary>
    public bool AreTheDemos { get; init; }

    /// <summary>Reads what the arguments, files and the environment say.</summary>
    public static Credentials Of(ParseResult parsed, Shell shell)
    {
        var person = parsed.GetValue(ServerChoice.As);
        var file = parsed.GetValue(ServerChoice.TokenFile);
        if (person is not null && file is not null)
        {
            throw new CommandFailedException(
                "--as and --token-file cannot both be.",
                "A token says already in whose name it asks.",
                ExitCode.BadInput
            );
        }
        var known = Of(person, tenant: null, clientId: null, shell);
        return known with
        {
            Token =
                file is not null ? ReadToken(file, shell)
                : person is null ? shell.Variable(ClientVariables.Token)
                : null,
        };
    }

    /// <summary>What a token is asked for with.</summary>
    public static Credentials Of(string? person, string? tenant, string? clientId, Shell shell)
    {
        clientId ??= shell.Variable(ClientVariables.ClientId);
        var secret = shell.Variable(ClientVariables.ClientSecret);
        var domain = person?.Split('@') is [_, var after] ? after : null;
        return new Credentials
        {
            Person = person,
            Tenant = tenant ?? shell.Variable(ClientVariables.Tenant) ?? domain ?? DemoTenant,
            ClientId = clientId ?? (person is null ? DemoApplication : DemoPublicClient),
            ClientSecret = secret ?? (clientId is null && person is null ? "demo-secret" : null),
            Password = person is null ? null : shell.Variable(ClientVariables.Password) ?? "demo",
            AreTheDemos = clientId is null,
        };
    }

    /// <summary>The form that a token endpoint takes.</summary>
    public Dictionary<string, string> Form()
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client_id"] = ClientId,
            ["scope"] = Scope,
            ["grant_type"] = Person is null ? "client_credentials" : "password",
        };
        if (ClientSecret is not null)
        {
            form["client_secret"] = ClientSecret;
        }
        if (Person is not null)
        {
            form["username"] = Person;
            form["password"] = Password ?? "";
        }
        return form;
    }

    /// <summary>The application that a token was given to, which is the id of its sessions; null: it does not say.</summary>
    public static string? ApplicationOf(string token)
    {
        try
        {
            var claims = token.Split('.') is [_, var payload, _]
                ? JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(payload))
                : null;
            return (string?)(claims?["appid"] ?? claims?["azp"] ?? claims?["client_id"]);
        }
        catch (Exception other)
            when (other is FormatException or System.Text.Json.JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string ReadToken(string file, Shell shell)
    {
        try
        {
            var text = file == "-" ? shell.Input().ReadToEnd() : File.ReadAllText(file);
            return text.Trim() is { Length: > 0 } token
                ? token
                : throw new CommandFailedException($"There is no token in {file}.", code: ExitCode.BadInput);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                $"The token cannot be read: {unreadable.Message}",
                code: ExitCode.BadInput
            );
        }
    }
}
