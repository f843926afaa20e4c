using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OpenPresence.Server.Photos;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Graph.Photos;

public sealed class PhotoTests
{
    private const string Viktor = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88";

    [Fact]
    public async Task A_photo_of_the_seed_is_answered_in_every_size_with_its_tag()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("ProfilePhoto.Read.All");
        foreach (var path in new[] { "photo", "photos/48x48", "photos/240X240", "photos/648x648" })
        {
            using var answer = await server.SendAsync(
                HttpMethod.Get,
                $"/v1.0/users/{RunningServer.Someone}/{path}/$value",
                token
            );
            Assert.Equal("image/png", answer.Content.Headers.ContentType?.MediaType);
            Assert.Equal($"\"{PhotoFiles.NameOf(Picture("mara"))}\"", answer.Headers.ETag?.Tag);
            Assert.Equal(Picture("mara"), await BytesAsync(answer));
        }
    }

    [Fact]
    public async Task Who_has_the_photo_already_is_told_so()
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/me/photo/$value");
        var token = await server.PersonTokenAsync(RunningServer.Someone, "User.Read");
        request.Headers.Authorization = new("Bearer", token);
        request.Headers.IfNoneMatch.Add(new($"\"{PhotoFiles.NameOf(Picture("mara"))}\""));
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
    }

    [Fact]
    public async Task A_photo_that_was_set_is_there_and_one_that_was_deleted_is_not()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.PersonTokenAsync(Viktor, "User.ReadWrite", "User.Read");
        using var before = await ValueAsync(server, token);
        using var put = await PutAsync(server, token, Picture("jonas"));
        using var after = await ValueAsync(server, token);
        using var removed = await server.SendAsync(HttpMethod.Delete, "/v1.0/me/photo/$value", token);
        using var gone = await ValueAsync(server, token);

        Assert.Equal(HttpStatusCode.NotFound, before.StatusCode);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        Assert.Equal(Picture("jonas"), await BytesAsync(after));
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var others = await server.SendAsync(
            HttpMethod.Get,
            "/v1.0/users/jonas.okafor@contoso.example/photo/$value",
            await server.ApplicationTokenAsync("ProfilePhoto.Read.All")
        );
        Assert.Equal(Picture("jonas"), await BytesAsync(others));
    }

    [Fact]
    public async Task Other_attributes_change_and_the_photo_stays()
    {
        await using var server = await RunningServer.StartAsync();
        var id = Guid.Parse(RunningServer.Someone);
        server.Node.State.Directory.TryGetPerson(id, out var person);
        await server.Node.ExecuteAsync(new PersonUpserted(person! with { JobTitle = "Director", Photo = null }));
        server.Node.State.Directory.TryGetPerson(id, out var after);
        Assert.Equal(("Director", person.Photo), (after!.JobTitle, after.Photo));
        Assert.NotNull(after.Photo);
    }

    [Fact]
    public async Task A_person_of_whom_only_the_id_is_known_cannot_have_one()
    {
        await using var server = await RunningServer.StartAsync();
        var id = Guid.NewGuid();
        await server.Node.ExecuteAsync(new PersonKnown(id, Guid.Parse(RunningServer.DemoTenant)));
        var token = await server.ApplicationTokenAsync("ProfilePhoto.ReadWrite.All");
        using var put = await PutAsync(server, token, Picture("jonas"), $"users/{id}");
        Assert.Equal(HttpStatusCode.NotFound, put.StatusCode);
    }

    [Fact]
    public async Task A_picture_whose_file_is_missing_reads_as_none_and_the_log_says_so()
    {
        await using var server = await RunningServer.StartAsync();
        var id = Guid.Parse(Viktor);
        var lost = new PersonPhoto(new string('a', 64), PhotoForm.Png, 1, 1);
        await server.Node.ExecuteAsync(new PersonPhotoChanged(id, lost));
        var token = await server.PersonTokenAsync(Viktor, "User.Read");
        using var answer = await ValueAsync(server, token);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains(server.Log.All, line => line.Contains(lost.Sha256));
    }

    [Fact]
    public async Task In_a_batch_a_picture_is_base64()
    {
        await using var server = await RunningServer.StartAsync();
        var body = new StringContent("""{"requests":[{"id":"1","method":"GET","url":"/me/photo/$value"}]}""");
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var answer = await server.SendAsync(
            HttpMethod.Post,
            "/v1.0/$batch",
            await server.PersonTokenAsync(RunningServer.Someone, "User.Read"),
            body
        );
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var item = JsonNode.Parse(text)!["responses"]![0]!;
        Assert.Equal("image/png", (string?)item["headers"]!["Content-Type"]);
        Assert.Equal(Picture("mara"), Convert.FromBase64String((string)item["body"]!));
    }

    private static byte[] Picture(string name) =>
        File.ReadAllBytes(Path.Combine(ProjectFiles.Root, $"src/OpenPresence.Server/Seed/photos/{name}.png"));

    private static Task<HttpResponseMessage> ValueAsync(RunningServer server, string token) =>
        server.SendAsync(HttpMethod.Get, "/v1.0/me/photo/$value", token);

    private static Task<HttpResponseMessage> PutAsync(
        RunningServer server,
        string token,
        byte[] picture,
        string whose = "me"
    )
    {
        var content = new ByteArrayContent(picture);
        content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        return server.SendAsync(HttpMethod.Put, $"/v1.0/{whose}/photo/$value", token, content);
    }

    private static Task<byte[]> BytesAsync(HttpResponseMessage answer) =>
        answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
}
