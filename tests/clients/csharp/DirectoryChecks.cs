using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Graph.Models.ODataErrors;
using static OpenPresence.Clients.Demo;

namespace OpenPresence.Clients;

/// <summary>People, their photos and their mailbox settings.</summary>
internal static class DirectoryChecks
{
    private const string Dot =
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

    public static async Task PeopleAsync()
    {
        var first = await App.Users.GetAsync(request =>
        {
            request.QueryParameters.Top = 5;
            request.QueryParameters.Select = ["id", "displayName"];
        });
        var names = new List<string?>();
        await PageIterator<User, UserCollectionResponse>
            .CreatePageIterator(
                App,
                first!,
                user =>
                {
                    names.Add(user.DisplayName);
                    return true;
                }
            )
            .IterateAsync();
        True(names.Contains("Mara Lindqvist") && names.Count > 10);

        var engineers = await App.Users.GetAsync(request =>
            request.QueryParameters.Filter = "department eq 'Engineering' and startswith(displayName,'V')"
        );
        Equal(Viktor, engineers!.Value!.Single().Id);

        var found = await App.Users.GetAsync(request =>
        {
            request.QueryParameters.Search = "\"displayName:lindqvist\"";
            request.QueryParameters.Count = true;
            request.Headers.Add("ConsistencyLevel", "eventual");
        });
        Equal(1, found!.OdataCount);
        Equal(Mara, found.Value!.Single().Id);
        Equal(
            names.Count,
            await App.Users.Count.GetAsync(request => request.Headers.Add("ConsistencyLevel", "eventual"))
        );
    }

    public static async Task PersonAsync()
    {
        var me = await SignedIn.Me.GetAsync();
        Equal(Viktor, me?.Id);
        Equal(Viktor, (await App.Users["viktor.novak@contoso.example"].GetAsync())?.Id);
        True((await SignedIn.Me.People.GetAsync())!.Value!.Count > 0);
        Equal(404, (await ErrorOfAsync(() => App.Users[Viktor].Manager.GetAsync())).ResponseStatusCode);
        var organization = (await App.Organization.GetAsync())!.Value!.Single();
        Equal(Tenant, organization.Id);
        Equal("contoso.example", organization.VerifiedDomains![0].Name);
    }

    public static async Task PhotoAsync()
    {
        var mara = App.Users[Mara];
        True((await mara.Photo.GetAsync())!.Width > 0);
        True((await ReadAsync(await mara.Photo.Content.GetAsync())).Length > 1000);
        var size = (await mara.Photos.GetAsync())!.Value![0].Id!;
        True((await ReadAsync(await mara.Photos[size].Content.GetAsync())).Length > 0);

        var content = App.Users[Viktor].Photo.Content;
        var dot = Convert.FromBase64String(Dot);
        using (var picture = new MemoryStream(dot))
        {
            await content.PutAsync(picture);
        }

        True((await ReadAsync(await content.GetAsync())).AsSpan().SequenceEqual(dot));
        await content.DeleteAsync();
        Equal("ImageNotFound", (await ErrorOfAsync(() => content.GetAsync())).Error?.Code);
    }

    public static async Task AutomaticRepliesAsync()
    {
        await ReplyAsync(AutomaticRepliesStatus.AlwaysEnabled, "Back on Monday.");
        var replies = (await SignedIn.Me.MailboxSettings.GetAsync())?.AutomaticRepliesSetting;
        Equal("Back on Monday.", replies?.InternalReplyMessage);
        Equal("Back on Monday.", (await App.Users[Viktor].Presence.GetAsync())?.OutOfOfficeSettings?.Message);
        await ReplyAsync(AutomaticRepliesStatus.Disabled, text: null);
        Equal(false, (await App.Users[Viktor].Presence.GetAsync())?.OutOfOfficeSettings?.IsOutOfOffice);
    }

    public static async Task<ODataError> ErrorOfAsync(Func<Task> request)
    {
        try
        {
            await request();
        }
        catch (ODataError error)
        {
            return error;
        }

        throw new InvalidOperationException("there was no error");
    }

    private static Task<MailboxSettings?> ReplyAsync(AutomaticRepliesStatus status, string? text) =>
        SignedIn.Me.MailboxSettings.PatchAsync(
            new MailboxSettings
            {
                AutomaticRepliesSetting = new AutomaticRepliesSetting { Status = status, InternalReplyMessage = text },
            }
        );

    private static async Task<byte[]> ReadAsync(Stream? content)
    {
        await using var stream = content!;
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
