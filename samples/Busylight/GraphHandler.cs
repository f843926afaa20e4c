using System.Net;
using System.Net.Http.Headers;

namespace Busylight;

/// <summary>Adds the token, asks for another one when it has ended, and waits when Graph says so.</summary>
public sealed class GraphHandler(Func<CancellationToken, Task<string>> tokenOf, HttpMessageHandler inner)
    : DelegatingHandler(inner)
{
    private const int AttemptsMax = 4;

    private string? token;

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            token ??= await tokenOf(cancellationToken);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await base.SendAsync(request, cancellationToken);
            if (attempt == AttemptsMax || !MayBeRepeated(answer.StatusCode))
            {
                return answer;
            }
            token = answer.StatusCode == HttpStatusCode.Unauthorized ? null : token;
            var pause = answer.Headers.RetryAfter?.Delta ?? TimeSpan.Zero;
            answer.Dispose();
            await Task.Delay(pause, cancellationToken);
        }
    }

    private static bool MayBeRepeated(HttpStatusCode status) =>
        status is HttpStatusCode.Unauthorized or HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
}
