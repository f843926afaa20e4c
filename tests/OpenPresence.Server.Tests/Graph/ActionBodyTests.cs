using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace OpenPresence.Server.Tests.Graph;

public sealed class ActionBodyTests
{
    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"sessionId":"\ud800"}""")]
    [InlineData("""{"availability":"\udfff","activity":7}""")]
    public async Task Half_a_character_is_the_callers_fault(string body)
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await server.SendAsync(
            HttpMethod.Post,
            $"/v1.0/users/{RunningServer.Someone}/presence/setPresence",
            token,
            content
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }
}
