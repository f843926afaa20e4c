using Microsoft.OData;
using OpenPresence.Engine;

namespace OpenPresence.Server.Tests.Facts;

/// <summary>What the server answers, read by Microsoft's OData library with Graph's own model.</summary>
public sealed class ODataPayloadTests
{
    private const string Someone = RunningServer.Someone;

    [Theory]
    [InlineData($"/users/{Someone}/presence", 1)]
    [InlineData($"/users('{Someone}')/presence", 1)]
    [InlineData($"/communications/presences/{Someone}", 1)]
    [InlineData($"/users/{Someone}/presence?$select=availability,statusMessage", 1)]
    [InlineData("/me/presence", 1)]
    public Task An_entity_is_of_the_type_that_its_context_names(string path, int entities) =>
        CheckAsync(HttpMethod.Get, path, null, isCollection: false, entities);

    [Theory]
    [InlineData("/communications/presences?$top=5", 5)]
    [InlineData($"/communications/presences?$filter=id in ('{Someone}')", 1)]
    public Task A_collection_is_of_the_type_that_its_context_names(string path, int entities) =>
        CheckAsync(HttpMethod.Get, path, null, isCollection: true, entities);

    [Fact]
    public Task The_answer_of_getPresencesByUserId_is_a_collection_of_presences() =>
        CheckAsync(
            HttpMethod.Post,
            "/communications/getPresencesByUserId",
            $$"""{"ids":["{{Someone}}","00a154d8-5ed8-4bcc-b5c7-19c2add9ca88"]}""",
            isCollection: true,
            2
        );

    [Theory]
    [InlineData("\"id\":\"a\",\"availability\":\"Busy\"", true)]
    [InlineData("\"id\":\"a\",\"mood\":\"Busy\"", false)]
    [InlineData("\"id\":\"a\",\"availability\":7", false)]
    public void The_reader_takes_only_what_the_model_says(string members, bool isTaken)
    {
        var root = new Uri("http://localhost/v1.0/");
        var body = System.Text.Encoding.UTF8.GetBytes(
            $$"""{"@odata.context":"{{root}}$metadata#users('a')/presence/$entity",{{members}}}"""
        );
        if (isTaken)
        {
            Assert.Equal(1, GraphModel.Read(body, root, isCollection: false));
        }
        else
        {
            Assert.Throws<ODataException>(() => GraphModel.Read(body, root, isCollection: false));
        }
    }

    private static async Task CheckAsync(HttpMethod method, string path, string? body, bool isCollection, int entities)
    {
        await using var server = await RunningServer.StartAsync();
        // With everything that an answer can show.
        await server.Node.ExecuteAsync(
            new Guid(Someone),
            new SetStatusMessage("Lunch", server.Node.State.Clock.Now + TimeSpan.FromHours(1))
        );
        await server.Node.ExecuteAsync(
            new Guid(Someone),
            new SetAutomaticReplies(new AutomaticReplies(null, null, "Away"))
        );
        await server.Node.ExecuteAsync(
            new Guid(Someone),
            new SetManualLocation(WorkLocationType.Office, "b1", server.Node.State.Clock.Now + TimeSpan.FromHours(1))
        );
        var token = await server.PersonTokenAsync(Someone, "Presence.Read", "Presence.Read.All");
        foreach (var version in new[] { "/v1.0", "/beta" })
        {
            using var content = body is null ? null : new StringContent(body, mediaType: new("application/json"));
            using var answer = await server.SendAsync(method, version + path, token, content);
            var text = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
            Assert.True(answer.IsSuccessStatusCode, System.Text.Encoding.UTF8.GetString(text));
            var root = new Uri(server.Client.BaseAddress!, version + "/");
            Assert.Equal(entities, GraphModel.Read(text, root, isCollection));
        }
    }
}
