using System.CommandLine;

namespace OpenPresence.Server.Cli.Client;

/// <summary>Which server, and in whose name: the options that every command that talks to one has.</summary>
internal static class ServerChoice
{
    /// <summary>Where a server listens that was not told otherwise.</summary>
    public const string UrlDefault = "http://localhost:5080";

    /// <summary>The data directory of a server that was not told otherwise.</summary>
    public const string DataDefault = ".openpresence";

    public static readonly Option<string> Url = new("--url")
    {
        Description = $"The server. [{ClientVariables.Url}; default: {UrlDefault}]",
        HelpName = "url",
    };

    public static readonly Option<string> Data = new("--data")
    {
        Description =
            "The server's data directory, if it is on this machine: its certificate authority is "
            + $"trusted. [{ClientVariables.Data}; default: {DataDefault}]",
        HelpName = "folder",
    };

    public static readonly Option<string> AuthorityFile = new("--ca-file")
    {
        Description =
            "The certificate authority to trust beside the system's, a PEM file. "
            + $"[{ClientVariables.AuthorityFile}]",
        HelpName = "file",
    };

    public static readonly Option<string> As = new("--as")
    {
        Description =
            "Ask as this person, by user principal name, with the password in "
            + $"{ClientVariables.Password} (default: the demo's).",
        HelpName = "person",
    };

    public static readonly Option<string> TokenFile = new("--token-file")
    {
        Description =
            $"A file with the token to use, - for standard input. [{ClientVariables.Token} holds the "
            + "token itself; default: one is asked for]",
        HelpName = "file",
    };

    public static readonly Option<bool> Json = new("--json") { Description = "One JSON object a line." };

    /// <summary>Opens the way to the server that the arguments and the environment name.</summary>
    public static ServerConnection Open(ParseResult parsed, Shell shell)
    {
        var url = Address(parsed.GetValue(Url) ?? shell.Variable(ClientVariables.Url) ?? UrlDefault);
        if (url.Scheme == Uri.UriSchemeHttp && !url.IsLoopback)
        {
            shell.Errors.WriteLine($"warning: {url} is not encrypted; whoever is on the way can take the token.");
        }
        var http = Trust.NewHttpClient(url, Authority(parsed, shell));
        return new ServerConnection(http, Credentials.Of(parsed, shell))
        {
            ControlToken = shell.Variable(ClientVariables.ControlToken),
            Shell = shell,
        };
    }

    private static Uri Address(string text) =>
        Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url
            : throw new CommandFailedException(
                $"'{text}' is no address of a server.",
                $"Say it as in {UrlDefault}, without /v1.0.",
                ExitCode.BadInput
            );

    private static string? Authority(ParseResult parsed, Shell shell)
    {
        if ((parsed.GetValue(AuthorityFile) ?? shell.Variable(ClientVariables.AuthorityFile)) is { } named)
        {
            return named;
        }
        var data = parsed.GetValue(Data) ?? shell.Variable(ClientVariables.Data) ?? DataDefault;
        var own = Path.Combine(data, "tls", "ca.pem");
        return File.Exists(own) ? own : null;
    }
}
