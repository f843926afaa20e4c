using System.Diagnostics;
using System.Runtime.CompilerServices;
using Azure.Core;
using Azure.Identity;
using Microsoft.Graph;
using Microsoft.Graph.Authentication;

namespace OpenPresence.Clients;

/// <summary>The demo tenant, and the clients of the two who ask: an application, and Viktor, who signs in.</summary>
internal static class Demo
{
    public const string Tenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    public const string ConfidentialClient = "00001111-aaaa-2222-bbbb-3333cccc4444";
    public const string PublicClient = "11112222-bbbb-3333-cccc-4444dddd5555";

    // The people of the examples in Graph's documentation.
    public const string Mara = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
    public const string Jonas = "66825e03-7ef5-42da-9069-724602c31f6b";
    public const string Priya = "dc74d9bb-6afe-433d-8eaa-e39d80d3a647";

    public const string Viktor = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88";
    public const string Nobody = "00000000-0000-4000-8000-000000000000";

    private const int SignInMillisecondsMax = 60_000;

    public static readonly string Url = Environment.GetEnvironmentVariable("GRAPH_URL") ?? "https://localhost:5443";
    private static readonly string[] Scopes = ["https://graph.microsoft.com/.default"];

    public static GraphServiceClient App { get; } = GraphAt(Url, ApplicationAt(Url));

    public static GraphServiceClient SignedIn { get; } =
        GraphAt(
            Url,
            new DeviceCodeCredential(
                new()
                {
                    AuthorityHost = new Uri(Url),
                    DisableInstanceDiscovery = true,
                    TenantId = Tenant,
                    ClientId = PublicClient,
                    DeviceCodeCallback = SignInAsync,
                }
            )
        );

    public static TokenCredential ApplicationAt(string url) =>
        new ClientSecretCredential(
            Tenant,
            ConfidentialClient,
            "demo-secret",
            new() { AuthorityHost = new Uri(url), DisableInstanceDiscovery = true }
        );

    public static GraphServiceClient GraphAt(string url, TokenCredential credential)
    {
        var authentication = new AzureIdentityAuthenticationProvider(
            credential,
            allowedHosts: [new Uri(url).Host],
            observabilityOptions: null,
            isCaeEnabled: true,
            scopes: Scopes
        );
        return new GraphServiceClient(authentication, $"{url}/v1.0");
    }

    public static void Equal<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "") =>
        True(EqualityComparer<T>.Default.Equals(expected, actual), $"{what} is {actual} and not {expected}");

    public static void True(bool holds, [CallerArgumentExpression(nameof(holds))] string what = "")
    {
        if (!holds)
        {
            throw new InvalidOperationException($"this does not hold: {what}");
        }
    }

    private static async Task SignInAsync(DeviceCodeInfo code, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable("SIGN_IN") is not { } program)
        {
            await Console.Error.WriteLineAsync($"{code.Message} Choose Viktor Novák.");
            return;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(SignInMillisecondsMax);
        using var browser = Process.Start(
            new ProcessStartInfo(program, [code.VerificationUri.ToString(), code.UserCode])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        await browser.StandardOutput.ReadToEndAsync(patience.Token);
        await browser.WaitForExitAsync(patience.Token);
        Equal(0, browser.ExitCode);
    }
}

internal sealed class SkippedException(string message) : Exception(message);
