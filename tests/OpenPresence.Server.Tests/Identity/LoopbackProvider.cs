using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenPresence.Server.Tests.Identity;

/// <summary>
/// An OpenID provider on a loopback port, as small as one can be, that a test may break: change keys, fail,
/// stall, or answer nonsense.
/// </summary>
internal sealed class LoopbackProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _discoveries;
    private int _keySets;

    private LoopbackProvider(WebApplication app)
    {
        _app = app;
        Discovery = () => new JsonObject { ["issuer"] = Address, ["jwks_uri"] = $"{Address}/keys" }.ToJsonString();
        KeySet = () => KeySetOf(RsaKey("first", TokenWorkshop.Rsa));
        app.MapGet(
            "/.well-known/openid-configuration",
            http =>
            {
                Interlocked.Increment(ref _discoveries);
                return AnswerAsync(http, Discovery);
            }
        );
        app.MapGet(
            "/keys",
            http =>
            {
                Interlocked.Increment(ref _keySets);
                return AnswerAsync(http, KeySet);
            }
        );
    }

    /// <summary>The body of each document; what throws is answered with 500.</summary>
    public Func<string> Discovery { get; set; }
    public Func<string> KeySet { get; set; }

    /// <summary>Set: every answer is redirected there.</summary>
    public string? RedirectTo { get; set; }

    /// <summary>No answer begins before it ends.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public string Address => _app.Urls.First();

    public int Discoveries => Volatile.Read(ref _discoveries);

    public int KeySets => Volatile.Read(ref _keySets);

    public static async Task<LoopbackProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var provider = new LoopbackProvider(app);
        await app.StartAsync();
        return provider;
    }

    public static string KeySetOf(params JsonObject[] keys) =>
        new JsonObject { ["keys"] = new JsonArray([.. keys]) }.ToJsonString();

    public static JsonObject RsaKey(string keyId, RSA rsa)
    {
        var key = rsa.ExportParameters(false);
        return new()
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["kid"] = keyId,
            ["n"] = Base64Url.EncodeToString(key.Modulus),
            ["e"] = Base64Url.EncodeToString(key.Exponent),
        };
    }

    public static JsonObject EcKey(string keyId, ECDsa ecdsa)
    {
        var key = ecdsa.ExportParameters(false);
        return new()
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = keyId,
            ["x"] = Base64Url.EncodeToString(key.Q.X),
            ["y"] = Base64Url.EncodeToString(key.Q.Y),
        };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http, Func<string> body)
    {
        await Gate.WaitAsync(http.RequestAborted);
        if (RedirectTo is not null)
        {
            http.Response.Redirect(RedirectTo);
            return;
        }
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body()));
    }
}
