using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using OpenPresence.Engine;
using OpenPresence.Server.Tests.DevTools;
using OpenPresence.Server.Tests.Webhooks;
using OpenPresence.Server.Tests.Webhooks.Delivery;
using OpenPresence.Server.Webhooks.Delivery;
using EngineActivity = OpenPresence.Engine.Activity;

namespace OpenPresence.Server.Tests.Telemetry;

/// <summary>What somebody sees who listens to the sources of activities.</summary>
public sealed class TracesTests
{
    [Fact]
    public async Task A_request_is_named_by_its_route_and_goes_on_with_its_callers_trace()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        var trace = ActivityTraceId.CreateRandom();
        using var spans = new Spans("Microsoft.AspNetCore", span => span.TraceId == trace);
        server.Client.DefaultRequestHeaders.Add("traceparent", $"00-{trace}-{ActivitySpanId.CreateRandom()}-01");
        await server.ShowsAsync(token, RunningServer.Someone);
        var span = await spans.NextAsync();
        Assert.Equal("GET /{version}/users/{id}/presence", span.DisplayName);
        Assert.Equal("/{version}/users/{id}/presence", span.GetTagItem("http.route"));
    }

    [Fact]
    public async Task A_delivery_is_a_span_with_the_host_and_without_the_address()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        using var spans = new Spans(
            DeliveryTraces.SourceName,
            span => Equals(span.GetTagItem("server.port"), receiver.Port)
        );
        await delivery.SubscribeAsync(receiver.Url("/hook?key=secret"));
        await delivery.SetAsync(DeliveryUnderTest.Ada, Availability.Busy, EngineActivity.Busy);
        var taken = await spans.NextAsync();
        Assert.Equal(ActivityKind.Client, taken.Kind);
        Assert.Equal(202, taken.GetTagItem("http.response.status_code"));
        Assert.Equal(1, taken.GetTagItem("messaging.batch.message_count"));
        Assert.Equal(ActivityStatusCode.Unset, taken.Status);
        await delivery.SettledAsync();
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.ServiceUnavailable);
        await delivery.SetAsync(DeliveryUnderTest.Ada, Availability.Away, EngineActivity.Away);
        var refused = await spans.NextAsync();
        Assert.Equal(ActivityStatusCode.Error, refused.Status);
        Assert.Equal("503", refused.GetTagItem("error.type"));
        Assert.DoesNotContain(
            new[] { taken, refused }.SelectMany(span => span.TagObjects),
            tag => $"{tag.Value}".Contains("secret", StringComparison.Ordinal)
        );
        // Nothing of a trace is told to whom a subscriber chose.
        Assert.All(receiver.All, got => Assert.DoesNotContain("traceparent", got.Headers.Keys));
    }

    /// <summary>The activities of one source that ended, as far as they are wanted.</summary>
    private sealed class Spans : IDisposable
    {
        private static readonly TimeSpan WaitMax = Eventually.Limit;

        private readonly ActivityListener listener;
        private readonly ConcurrentQueue<System.Diagnostics.Activity> ended = new();
        private readonly SemaphoreSlim count = new(0);

        public Spans(string source, Func<System.Diagnostics.Activity, bool> isWanted)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = known => known.Name == source,
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
                ActivityStopped = span =>
                {
                    if (isWanted(span))
                    {
                        ended.Enqueue(span);
                        count.Release();
                    }
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public async Task<System.Diagnostics.Activity> NextAsync()
        {
            Assert.True(await count.WaitAsync(WaitMax, TestContext.Current.CancellationToken));
            Assert.True(ended.TryDequeue(out var span));
            return span;
        }

        public void Dispose()
        {
            listener.Dispose();
            count.Dispose();
        }
    }
}
