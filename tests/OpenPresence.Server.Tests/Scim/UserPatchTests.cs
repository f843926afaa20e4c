namespace OpenPresence.Server.Tests.Scim;

/// <summary>The shapes in which identity providers send changes, and what RFC 7644, 3.5.2 says of them.</summary>
public sealed class UserPatchTests(SharedScim shared) : IClassFixture<SharedScim>
{
    private const string Start =
        ""","displayName":"Ada King","name":{"givenName":"Ada","familyName":"King"},"title":"Analyst","""
        + """ "emails":[{"value":"ada@contoso.example","type":"work","primary":true}]""";

    private const string Enterprise = ScimUnderTest.Enterprise;

    // csharpier-ignore-start
    /// <summary>Each: operations, then a member of the user and its value afterwards; - when it is not there.</summary>
    public static TheoryData<string, string, string> Shapes =>
        new()
        {
            // Entra ID
            { """{"op":"Replace","path":"active","value":"False"}""", "active", "false" },
            { """{"op":"Replace","path":"active","value":false}""", "active", "false" },
            { """{"op":"Add","path":"title","value":"Lead"}""", "title", "\"Lead\"" },
            { """{"op":"Replace","path":"name.givenName","value":"Augusta"}""", "name.givenName", "\"Augusta\"" },
            { """{"op":"Replace","path":"name.givenName","value":"Augusta"}""", "name.familyName", "\"King\"" },
            { """{"op":"Replace","path":"emails[type eq \"work\"].value","value":"a@x.example"}""", "emails", """[{"value":"a@x.example","type":"work","primary":true}]""" },
            { """{"op":"Add","path":"phoneNumbers[type eq \"mobile\"].value","value":"+1"}""", "phoneNumbers", """[{"value":"\u002B1","type":"mobile"}]""" },
            { """{"op":"Add","path":"addresses[type eq \"work\"].formatted","value":"12/3"}""", "addresses", """[{"formatted":"12/3","type":"work"}]""" },
            { """{"op":"Add","path":"addresses[type eq \"work\"].streetAddress","value":"x"}""", "addresses", "-" },
            { """{"op":"Add","path":"roles[primary eq \"True\"].value","value":"x"}""", "roles", "-" },
            { $$"""{"op":"Add","path":"{{Enterprise}}:department","value":"D"}""", $"{Enterprise}.department", "\"D\"" },
            { $$"""{"op":"Add","path":"{{Enterprise}}:manager","value":"1f2"}""", Enterprise, "-" },
            { $$"""{"op":"replace","value":{"displayName":"A","name.familyName":"L","{{Enterprise}}:department":"D"} }""", "name.familyName", "\"L\"" },
            { $$"""{"op":"replace","value":{"displayName":"A","name.familyName":"L","{{Enterprise}}:department":"D"} }""", $"{Enterprise}.department", "\"D\"" },
            { """{"op":"replace","value":{"emails[type eq \"work\"].value":"b@x.example"}}""", "emails", """[{"value":"b@x.example","type":"work","primary":true}]""" },
            // Okta
            { """{"op":"replace","value":{"active":false}}""", "active", "false" },
            { """{"op":"replace","value":{"schemas":["x"],"meta":{},"name":{"givenName":"Augusta"},"title":null}}""", "name", """{"givenName":"Augusta","familyName":"King"}""" },
            { """{"op":"replace","value":{"schemas":["x"],"meta":{},"name":{"givenName":"Augusta"},"title":null}}""", "title", "-" },
            { """{"op":"replace","value":{"emails":[{"primary":true,"value":"c@x.example","type":"work"}]}}""", "emails", """[{"value":"c@x.example","type":"work","primary":true}]""" },
            { $$"""{"op":"replace","value":{"{{Enterprise}}":{"department":"D","costCenter":"7"} } }""", Enterprise, """{"department":"D"}""" },
            // RFC 7644
            { """{"op":"remove","path":"title"}""", "title", "-" },
            { """{"op":"remove","path":"name"}""", "name", "-" },
            { """{"op":"remove","path":"emails[type eq \"work\" and primary eq true]"}""", "emails", "-" },
            { """{"op":"remove","path":"emails[type eq \"home\"]"}""", "emails", """[{"value":"ada@contoso.example","type":"work","primary":true}]""" },
            { """{"op":"remove","path":"emails","value":[{"value":"ada@contoso.example"}]}""", "emails", "-" },
            { """{"op":"add","path":"emails","value":[{"value":"d@x.example","primary":true}]}""", "emails", """[{"value":"d@x.example","type":"work","primary":true}]""" },
            { """{"op":"add","path":"emails","value":{"value":"e@x.example","primary":true}}""", "emails", """[{"value":"e@x.example","type":"work","primary":true}]""" },
            { """{"op":"replace","path":"name","value":{"familyName":"Lovelace"}}""", "name", """{"givenName":"Ada","familyName":"Lovelace"}""" },
            { """{"op":"remove","path":"displayName"}""", "displayName", "\"Ada King\"" },
            { """{"op":"add","path":"title","value":"1"},{"op":"replace","path":"TITLE","value":"2"}""", "title", "\"2\"" },
            { """{"op":"add","path":"urn:ietf:params:scim:schemas:core:2.0:User:title","value":"3"}""", "title", "\"3\"" },
            { $$"""{"op":"add","path":"{{Enterprise}}","value":{"department":"D"} },{"op":"remove","path":"{{Enterprise}}"}""", Enterprise, "-" },
        };
    // csharpier-ignore-end

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task Every_shape_of_a_change_is_understood(string operations, string member, string expected)
    {
        var scim = shared.Scim;
        var id = await scim.CreateAsync($"ada-{Guid.NewGuid():N}@contoso.example", Start);

        var (status, answered) = await scim.PatchAsync(id, operations);

        Assert.True(status == 200, $"{answered}");
        var user = await scim.GetAsync(id);
        Assert.Equal(user.ToJsonString(), answered.ToJsonString());
        var dot = member.LastIndexOf('.');
        // The URN of the extension has a dot of its own.
        var (outer, inner) = dot < 0 || member == Enterprise ? (member, null) : (member[..dot], member[(dot + 1)..]);
        var value = inner is null ? user[outer] : user[outer]?[inner];
        Assert.Equal(expected, value?.ToJsonString() ?? "-");
    }

    [Fact]
    public async Task One_wrong_operation_undoes_the_others()
    {
        var scim = shared.Scim;
        var id = await scim.CreateAsync($"ada-{Guid.NewGuid():N}@contoso.example", Start);
        var before = await scim.GetAsync(id);

        var (status, _) = await scim.PatchAsync(
            id,
            """{"op":"replace","path":"title","value":"Lead"},{"op":"replace","path":"tytle","value":"Lead"}"""
        );

        Assert.Equal(400, status);
        Assert.Equal(before.ToJsonString(), (await scim.GetAsync(id)).ToJsonString());
    }

    [Fact]
    public async Task A_change_that_changes_nothing_is_no_entry_of_the_journal()
    {
        var scim = shared.Scim;
        var id = await scim.CreateAsync($"ada-{Guid.NewGuid():N}@contoso.example", Start);
        var position = scim.Server.Node.State.Position;

        var (status, _) = await scim.PatchAsync(
            id,
            """{"op":"replace","path":"title","value":"Analyst"},{"op":"add","path":"nickName","value":"A"}"""
        );

        Assert.Equal(200, status);
        Assert.Equal(position, scim.Server.Node.State.Position);
    }
}
