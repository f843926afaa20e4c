using System.CommandLine;
using OpenPresence.Server.Cli.Client;

namespace OpenPresence.Server.Cli.Commands;

/// <summary><c>openpresence token</c>: a token of the server's own issuer, and nothing else, for <c>$(…)</c>.</summary>
internal static class TokenCommand
{
    private static readonly Option<string> Tenant = new("--tenant")
    {
        Description =
            $"The tenant, by id or domain. [{ClientVariables.Tenant}; default: the person's, or the " + "demo tenant]",
        HelpName = "tenant",
    };

    private static readonly Option<string> ClientId = new("--client-id")
    {
        Description =
            $"The application. Its secret comes from {ClientVariables.ClientSecret}. "
            + $"[{ClientVariables.ClientId}; default: that of the demo tenant]",
        HelpName = "id",
    };

    private static readonly Option<string> Scope = new("--scope")
    {
        Description = $"What for, with spaces between several. [default: {Credentials.ScopeDefault}]",
        HelpName = "scopes",
    };

    public static Command Build(Shell shell)
    {
        var command = new TaughtCommand(
            "token",
            "Prints a token of the server's own issuer, and nothing else.",
            "# of the demo application",
            "TOKEN=$(openpresence token)",
            "curl -H \"Authorization: Bearer $TOKEN\" http://localhost:5080/v1.0/users",
            "# of a person who gives this one permission",
            "openpresence token --as mara.lindqvist@contoso.example --scope Presence.Read",
            "# of an application of yours",
            "read -rs OPENPRESENCE_CLIENT_SECRET && export OPENPRESENCE_CLIENT_SECRET",
            "openpresence token --tenant fabrikam.example --client-id 22221111-cccc-4444-bbbb-5555eeee6666"
        );
        Array.ForEach<Option>([Tenant, ClientId, Scope], command.Options.Add);
        ClientCommand.Act(command, shell, Asks.Issuer, RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ClientRun run, CancellationToken cancel)
    {
        var who = Credentials.Of(
            run.Parsed.GetValue(ServerChoice.As),
            run.Parsed.GetValue(Tenant),
            run.Parsed.GetValue(ClientId),
            run.Shell
        );
        var answer = await run.Server.AskForTokenAsync(
            who with
            {
                Scope = run.Parsed.GetValue(Scope) ?? who.Scope,
            },
            cancel
        );
        if (run.IsJson)
        {
            run.Screen.Line(answer);
        }
        else
        {
            run.Screen.Line((string)answer["access_token"]!);
        }
        return ExitCode.Done;
    }
}
