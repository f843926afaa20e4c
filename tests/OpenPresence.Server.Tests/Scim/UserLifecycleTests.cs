using System.Text.Json.Nodes;

namespace OpenPresence.Server.Tests.Scim;

public sealed class UserLifecycleTests
{
    private const string Everything =
        ""","externalId":"00u1","name":{"givenName":"Ada","familyName":"King"},"displayName":"Ada King","""
        + """ "title":"Analyst","preferredLanguage":"en-GB","timezone":"Europe/London","active":true,"""
        + """ "emails":[{"value":"private@home.example","type":"home"},{"value":"ada@mail.example","type":"work"}],"""
        + """ "phoneNumbers":[{"value":"+44 1","type":"work"},{"value":"+44 2","type":"mobile"},{"value":"+44 3","type":"fax"}],"""
        + """ "addresses":[{"type":"work","formatted":"12/3","locality":"London"}],"""
        + """ "nickName":"Countess","password":"Secret!123","roles":[{"value":"admin"}],"""
        + $$""" "{{ScimUnderTest.Enterprise}}":{"department":"Engines","employeeNumber":"7","manager":{"value":"x"} }""";

    [Fact]
    public async Task A_user_is_kept_as_a_person_of_the_directory()
    {
        await using var scim = await ScimUnderTest.StartAsync();

        var id = await scim.CreateAsync("ada@contoso.example", Everything);

        var user = await scim.GetAsync(id);
        user.AsObject().Remove("meta");
        var expected = JsonNode.Parse(
            $$"""
            {"schemas":["{{ScimUnderTest.User}}","{{ScimUnderTest.Enterprise}}"],"id":"{{id}}",
            "externalId":"00u1","userName":"ada@contoso.example",
            "name":{"givenName":"Ada","familyName":"King"},"displayName":"Ada King","title":"Analyst",
            "preferredLanguage":"en-GB","timezone":"Europe/London","active":true,
            "emails":[{"value":"ada@mail.example","type":"work","primary":true}],
            "phoneNumbers":[{"value":"+44 1","type":"work"},{"value":"+44 2","type":"mobile"}],
            "addresses":[{"formatted":"12/3","type":"work"}],
            "{{ScimUnderTest.Enterprise}}":{"department":"Engines"} }
            """
        );
        Assert.Equal(expected!.ToJsonString(), user.ToJsonString());
        Assert.True(scim.Server.Node.State.Directory.TryGetPerson(Guid.Parse(id), out var person));
        Assert.Equal("12/3", person.OfficeLocation);
        Assert.Equal("Engines", person.Department);
        Assert.Equal(["+44 1"], person.BusinessPhones);
        Assert.Equal("+44 2", person.MobilePhone);
    }

    [Fact]
    public async Task People_survive_a_restart_and_are_found_by_all_their_ids()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var id = await scim.CreateAsync("ada@contoso.example", Everything);
        var before = (await scim.GetAsync(id)).AsObject();

        await scim.Server.StopAsync();
        await scim.Server.StartAgainAsync();

        string[] filters =
        [
            "userName eq \"ADA@contoso.example\"",
            "externalId eq \"00u1\"",
            $"id eq \"{id}\"",
            $"urn:ietf:params:scim:schemas:core:2.0:User:username EQ \"ada@contoso.example\" and active eq true",
            "externalId eq \"00u1\" and title eq \"analyst\" and name.familyName eq \"king\"",
        ];
        foreach (var filter in filters)
        {
            var (status, list) = await scim.SendAsync("GET", "/Users?filter=" + Uri.EscapeDataString(filter));
            Assert.Equal((200, 1), (status, (int)list["totalResults"]!));
            var found = list["Resources"]![0]!.AsObject();
            found.Remove("meta");
            before.Remove("meta");
            Assert.True(JsonNode.DeepEquals(before, found), $"{filter}: {found}");
        }
    }

    [Theory]
    [InlineData("userName eq \"nobody@contoso.example\"")]
    [InlineData("externalId eq \"00U1\"")]
    [InlineData("id eq \"no guid\"")]
    [InlineData("userName eq \"ada@contoso.example\" and active eq false")]
    [InlineData("userName eq \"ada@contoso.example\" and externalId eq \"00U1\"")]
    public async Task A_filter_that_nobody_meets_finds_nobody(string filter)
    {
        await using var scim = await ScimUnderTest.StartAsync();
        await scim.CreateAsync("ada@contoso.example", Everything);

        var (status, list) = await scim.SendAsync("GET", "/Users?filter=" + Uri.EscapeDataString(filter));

        Assert.Equal((200, 0), (status, (int)list["totalResults"]!));
        Assert.Empty(list["Resources"]!.AsArray());
    }

    [Fact]
    public async Task Replacing_clears_what_is_left_out_but_for_what_always_has_a_value()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var id = await scim.CreateAsync(
            "ada@contoso.example",
            Everything.Replace("\"active\":true", "\"active\":false", StringComparison.Ordinal)
        );

        var (status, user) = await scim.SendAsync(
            "PUT",
            "/Users/" + id,
            ScimUnderTest.NewUser("ada.king@contoso.example", $",\"id\":\"{id}\"")
        );

        Assert.Equal(200, status);
        Assert.Equal(
            ["schemas", "id", "userName", "displayName", "timezone", "active", "meta"],
            user.AsObject().Select(member => member.Key)
        );
        Assert.Equal("ada.king@contoso.example", (string)user["displayName"]!);
        Assert.Equal("Europe/London", (string)user["timezone"]!);
        Assert.False((bool)user["active"]!);
        // The former name and external id are free.
        await scim.CreateAsync("ada@contoso.example", ",\"externalId\":\"00u1\"");
    }

    [Fact]
    public async Task A_deleted_user_is_gone_and_the_second_time_says_so()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var id = await scim.CreateAsync("ada@contoso.example", Everything);

        Assert.Equal(204, (await scim.SendAsync("DELETE", "/Users/" + id)).Status);

        Assert.Equal(404, (await scim.SendAsync("DELETE", "/Users/" + id)).Status);
        Assert.Equal(404, (await scim.SendAsync("GET", "/Users/" + id)).Status);
        Assert.Equal(404, (await scim.PatchAsync(id, Replace("title", "\"x\""))).Status);
        var put = ScimUnderTest.NewUser("ada@contoso.example");
        Assert.Equal(404, (await scim.SendAsync("PUT", "/Users/" + id, put)).Status);
        var again = await scim.CreateAsync("ada@contoso.example", Everything);
        Assert.NotEqual(id, again);
    }

    [Fact]
    public async Task All_people_come_page_by_page_in_the_order_of_their_names()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var names = new List<string>();
        for (var start = 1; ; )
        {
            var (_, list) = await scim.SendAsync("GET", $"/Users?startIndex={start}&count=5&attributes=userName");
            var page = list["Resources"]!.AsArray();
            Assert.Equal(page.Count, (int)list["itemsPerPage"]!);
            Assert.Equal(start, (int)list["startIndex"]!);
            if (page.Count == 0)
            {
                Assert.Equal(names.Count, (int)list["totalResults"]!);
                break;
            }
            Assert.All(page, user => Assert.Equal(["schemas", "id", "userName"], user!.AsObject().Select(m => m.Key)));
            names.AddRange(page.Select(user => (string)user!["userName"]!));
            start += page.Count;
        }
        Assert.True(names.Count > 10);
        Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
        Assert.Contains("mara.lindqvist@contoso.example", names);
    }

    [Theory]
    [InlineData("count=0", 0, 1)]
    [InlineData("count=-3&startIndex=-7", 0, 1)]
    [InlineData("count=1&startIndex=0", 1, 1)]
    [InlineData("startIndex=2147483647", 0, 2147483647)]
    public async Task Numbers_of_a_page_count_as_the_nearest_that_are_possible(string query, int items, int startIndex)
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var (status, list) = await scim.SendAsync("GET", "/Users?" + query);
        Assert.Equal(200, status);
        Assert.Equal(items, list["Resources"]!.AsArray().Count);
        Assert.Equal(startIndex, (int)list["startIndex"]!);
        Assert.True((int)list["totalResults"]! > 10);
    }

    [Fact]
    public async Task Attributes_are_shown_and_left_out_as_asked()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var id = await scim.CreateAsync("ada@contoso.example", Everything);
        async Task<string> Ask(string query)
        {
            var (_, user) = await scim.SendAsync("GET", $"/Users/{id}?{query}");
            user.AsObject().Remove("schemas");
            user.AsObject().Remove("id");
            return user.ToJsonString();
        }
        Assert.Equal("""{"title":"Analyst"}""", await Ask("attributes=TITLE,nothing"));
        Assert.Equal(
            """{"name":{"givenName":"Ada"},"emails":[{"value":"ada@mail.example"}]}""",
            await Ask("attributes=name.givenName,emails.value")
        );
        Assert.Equal(
            "{\"" + ScimUnderTest.Enterprise + "\":{\"department\":\"Engines\"}}",
            await Ask($"attributes={ScimUnderTest.Enterprise}:department")
        );
        Assert.Equal(
            """{"externalId":"00u1","userName":"ada@contoso.example","active":true}""",
            await Ask(
                "excludedAttributes=id,name.givenName,name.familyName,displayName,title,timezone,"
                    + "preferredLanguage,emails,phoneNumbers,addresses,meta,"
                    + ScimUnderTest.Enterprise
            )
        );
    }

    [Fact]
    public async Task A_name_an_external_id_and_an_id_are_given_once()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var ada = await scim.CreateAsync("ada@contoso.example", ",\"externalId\":\"1\"");
        var bob = await scim.CreateAsync("bob@contoso.example", ",\"externalId\":\"2\"");

        (int Status, JsonNode Body)[] taken =
        [
            await scim.SendAsync("POST", "/Users", ScimUnderTest.NewUser("ADA@contoso.example")),
            await scim.SendAsync(
                "POST",
                "/Users",
                ScimUnderTest.NewUser("cyd@contoso.example", ",\"externalId\":\"2\"")
            ),
            await scim.PatchAsync(bob, Replace("userName", "\"ada@contoso.example\"")),
            await scim.PatchAsync(bob, Replace("externalId", "\"1\"")),
            await scim.SendAsync(
                "PUT",
                "/Users/" + bob,
                ScimUnderTest.NewUser("bob@contoso.example", ",\"externalId\":\"1\"")
            ),
        ];

        Assert.All(
            taken,
            answer =>
            {
                Assert.Equal(409, answer.Status);
                Assert.Equal("uniqueness", (string)answer.Body["scimType"]!);
            }
        );
        Assert.Equal("2", (string)(await scim.GetAsync(bob))["externalId"]!);
        // One's own are not taken.
        var (status, _) = await scim.PatchAsync(ada, Replace("userName", "\"Ada@contoso.example\""));
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task Changes_at_one_moment_all_count()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var id = await scim.CreateAsync("ada@contoso.example");
        string[] changes =
        [
            Replace("title", "\"Analyst\""),
            Replace("name.givenName", "\"Ada\""),
            Replace("name.familyName", "\"King\""),
            Replace("preferredLanguage", "\"en\""),
            Replace("externalId", "\"1\""),
            Replace("displayName", "\"Countess\""),
        ];

        var answers = await Task.WhenAll(changes.Select(change => scim.PatchAsync(id, change)));

        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        var user = await scim.GetAsync(id);
        Assert.Equal("Analyst", (string)user["title"]!);
        Assert.Equal("Ada", (string)user["name"]!["givenName"]!);
        Assert.Equal("King", (string)user["name"]!["familyName"]!);
        Assert.Equal("en", (string)user["preferredLanguage"]!);
        Assert.Equal("1", (string)user["externalId"]!);
        Assert.Equal("Countess", (string)user["displayName"]!);
    }

    private static string Replace(string path, string value) =>
        $$"""{"op":"replace","path":"{{path}}","value":{{value}}}""";
}
