using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Issuer;
using OpenPresence.Server.Issuer.Endpoints;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Revocations;
using OpenPresence.Server.Tests.Journal;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>A real server on a loopback port, with the issuer and nothing else behind it.</summary>
public sealed class IssuerHost : IAsyncDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly WebApplication _app;

    private readonly LocalJournal _journal;

    private IssuerHost(WebApplication app, LocalJournal journal) => (_app, _journal) = (app, journal);

    public required BuiltInIssuer Issuer { get; init; }

    /// <summary>Follows no redirect and keeps no cookie: both are what is tested.</summary>
    public HttpClient Http { get; private set; } = null!;

    public ManualClock Clock => (ManualClock)Issuer.Clock;

    public LogLines Log => (LogLines)Issuer.Log;

    public string BaseUrl { get; private set; } = "";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <param name="settings">How the issuer behaves.</param>
    /// <param name="clock">Null: one that stands still.</param>
    /// <param name="disk">What the journal is on; null: an empty one.</param>
    /// <param name="tls">Null: plain HTTP.</param>
    internal static async Task<IssuerHost> StartAsync(
        IssuerSettings? settings = null,
        TimeProvider? clock = null,
        MemoryDisk? disk = null,
        TestCertificates? tls = null
    )
    {
        clock ??= new ManualClock();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    if (tls is not null)
                    {
                        listen.UseHttps(tls.Server);
                    }
                }
            );
        });
        var app = builder.Build();
        var journal = JournalSteps.Open(disk ?? new MemoryDisk(), clock: clock as ManualClock);
        var node = await Node.StartAsync(journal, new NodeClock(clock), new(), NullLogger.Instance, Cancel);
        var host = new IssuerHost(app, journal)
        {
            Issuer = new BuiltInIssuer
            {
                Settings = settings ?? new IssuerSettings(),
                Clock = clock,
                Directory = DemoDirectory.Make(tls),
                Keys = SharedKeys.Open(clock),
                Node = node,
                Log = new LogLines(),
            },
        };
        var endpoints = new IssuerEndpoints(host.Issuer);
        app.Run(http =>
        {
            if (endpoints.TryAnswer(http, out var answer))
            {
                return answer;
            }

            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
        await app.StartAsync(Cancel);
        var address = app
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single();
        host.BaseUrl = address.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);
        host.Http = new HttpClient(TestCertificates.Shared.Handler()) { BaseAddress = new Uri(host.BaseUrl) };
        return host;
    }

    /// <summary>As the control API does it.</summary>
    public async Task RevokeAsync(Guid personId, Guid clientId) =>
        await Issuer.Node.AppendAsync(EntryPayload.Of(new Revocation(personId, clientId)));

    public Task<HttpResponseMessage> GetAsync(string path) => Http.GetAsync(path, Cancel);

    /// <summary>Posts a form; fields without value are left out.</summary>
    public async Task<HttpResponseMessage> PostAsync(
        string path,
        IEnumerable<(string Name, string? Value)> fields,
        Action<HttpRequestHeaders>? addHeaders = null
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new FormUrlEncodedContent(
            fields
                .Where(field => field.Value is not null)
                .Select(field => KeyValuePair.Create(field.Name, field.Value!))
        );
        addHeaders?.Invoke(request.Headers);
        return await Http.SendAsync(request, Cancel);
    }

    /// <summary>Asks the token endpoint of the demo tenant.</summary>
    public Task<HttpResponseMessage> TokenAsync(params (string Name, string? Value)[] fields) =>
        PostAsync($"/{DemoDirectory.TenantId}/oauth2/v2.0/token", fields);

    /// <summary>The answer of a request that must succeed.</summary>
    public static async Task<JsonElement> JsonAsync(Task<HttpResponseMessage> asking)
    {
        using var answer = await asking;
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    /// <summary>The error of a request that must fail so.</summary>
    public static async Task<JsonElement> RefusedAsync(
        Task<HttpResponseMessage> asking,
        int status,
        string error,
        int number
    )
    {
        using var answer = await asking;
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
        var json = JsonDocument.Parse(text).RootElement;
        Assert.Equal(error, json.GetProperty("error").GetString());
        Assert.Equal(number, Assert.Single(json.GetProperty("error_codes").EnumerateArray()).GetInt32());
        Assert.Equal(status, (int)answer.StatusCode);
        return json;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        await Issuer.Node.DisposeAsync();
        await _journal.DisposeAsync();
        _directory.Dispose();
    }
}
