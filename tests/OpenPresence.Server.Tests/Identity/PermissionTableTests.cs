using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Tests.Identity;

public sealed class PermissionTableTests
{
    private const CallerKind Work = CallerKind.DelegatedWork;
    private const CallerKind Personal = CallerKind.DelegatedPersonal;
    private const CallerKind App = CallerKind.Application;

    private static readonly PermissionTable Table = PermissionTable.Built;

    public static TheoryData<Operation, CallerKind, string, Access> Presence { get; } =
        new()
        {
            // operation, kind of token, its permissions, whose data
            { Operation.GetMyPresence, Work, "Presence.Read", Access.Self },
            { Operation.GetMyPresence, Work, "Presence.Read.All", Access.Self },
            { Operation.GetMyPresence, Work, "Presence.ReadWrite", Access.None },
            { Operation.GetMyPresence, Work, "User.Read", Access.None },
            { Operation.GetMyPresence, App, "Presence.ReadWrite.All", Access.None },
            { Operation.GetUserPresence, Work, "Presence.Read", Access.Self },
            { Operation.GetUserPresence, Work, "Presence.Read.All", Access.Everyone },
            { Operation.GetUserPresence, Work, "Presence.Read Presence.Read.All", Access.Everyone },
            { Operation.GetUserPresence, Work, "Presence.Read.All Presence.Read", Access.Everyone },
            { Operation.GetUserPresence, Work, "presence.read.all", Access.None },
            { Operation.GetUserPresence, Work, "Presence.ReadWrite.All", Access.None },
            { Operation.GetUserPresence, Work, "", Access.None },
            { Operation.GetUserPresence, App, "Presence.Read", Access.None },
            { Operation.GetUserPresence, App, "Presence.Read.All", Access.Everyone },
            { Operation.GetUserPresence, App, "Presence.ReadWrite.All", Access.Everyone },
            { Operation.GetUserPresence, Personal, "Presence.Read.All", Access.None },
            { Operation.GetCommunicationsPresence, Work, "Presence.Read", Access.Self },
            { Operation.GetCommunicationsPresence, App, "Presence.Read.All", Access.Everyone },
            { Operation.ListCommunicationsPresences, Work, "Presence.Read", Access.Self },
            { Operation.ListCommunicationsPresences, Work, "Presence.Read.All", Access.Everyone },
            { Operation.GetPresencesByUserId, Work, "Presence.Read", Access.None },
            { Operation.GetPresencesByUserId, Work, "Presence.Read.All", Access.Everyone },
            { Operation.GetPresencesByUserId, App, "Presence.ReadWrite.All", Access.Everyone },
            { Operation.CreatePresenceSubscription, Work, "Presence.Read.All", Access.Everyone },
            { Operation.CreatePresenceSubscription, Work, "Presence.Read", Access.None },
            { Operation.CreatePresenceSubscription, App, "Presence.Read.All", Access.None },
            { Operation.GetSubscription, Work, "Presence.Read.All", Access.Self },
            { Operation.GetSubscription, Work, "Subscription.Read.All", Access.Everyone },
            { Operation.DeleteSubscription, Work, "Presence.Read.All", Access.Self },
        };

    public static TheoryData<Operation> Writes { get; } =
        new(
            Operation.SetPresence,
            Operation.ClearPresence,
            Operation.SetUserPreferredPresence,
            Operation.ClearUserPreferredPresence,
            Operation.SetStatusMessage
        );

    public static TheoryData<Operation> LocationWrites { get; } =
        new(
            Operation.SetManualLocation,
            Operation.SetAutomaticLocation,
            Operation.ClearAutomaticLocation,
            Operation.ClearLocation
        );

    [Theory]
    [MemberData(nameof(Presence))]
    public void Each_permission_opens_what_its_row_says(
        Operation operation,
        CallerKind kind,
        string permissions,
        Access expected
    ) => Assert.Equal(expected, Opened(operation, kind, permissions));

    [Theory]
    [MemberData(nameof(Writes))]
    [MemberData(nameof(LocationWrites))]
    public void A_person_writes_only_their_own(Operation operation)
    {
        Assert.Equal(Access.Self, Opened(operation, Work, "Presence.ReadWrite"));
        Assert.Equal(Access.None, Opened(operation, Work, "Presence.ReadWrite.All"));
        Assert.Equal(Access.None, Opened(operation, Work, "Presence.Read.All"));
        Assert.Empty(Table.WouldDo(operation, Work, Access.Everyone));
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public void An_application_writes_for_everybody(Operation operation) =>
        Assert.Equal(Access.Everyone, Opened(operation, App, "Presence.ReadWrite.All"));

    [Theory]
    [MemberData(nameof(LocationWrites))]
    public void No_application_writes_a_location(Operation operation)
    {
        Assert.Equal(Access.None, Opened(operation, App, "Presence.ReadWrite.All"));
        var detail = Assert.Single(Table.Forbid(operation, App).Details);
        Assert.Equal("NotSupported", detail.Code);
    }

    [Fact]
    public void No_operation_on_presence_is_open_to_a_personal_account()
    {
        var presence = Enum.GetValues<Operation>().Where(o => o.ToString().Contains("Presence"));
        Assert.All(presence, operation => Assert.Empty(Table.WouldDo(operation, Personal)));
    }

    [Theory]
    [InlineData(Operation.CreatePresenceSubscription, Access.Everyone)]
    [InlineData(Operation.UpdateSubscription, Access.Self)]
    [InlineData(Operation.DeleteSubscription, Access.Self)]
    [InlineData(Operation.GetSubscription, Access.Self)]
    public void Beyond_Graph_an_application_has_subscriptions(Operation operation, Access expected)
    {
        string[] held = ["Presence.Read.All"];
        Assert.Equal(Access.None, Table.AccessOf(App, held)[(int)operation]);
        Assert.Equal(expected, PermissionTable.BeyondGraph.AccessOf(App, held)[(int)operation]);
        Assert.Equal(Table.AccessOf(Work, held), PermissionTable.BeyondGraph.AccessOf(Work, held));
    }

    [Fact]
    public void What_would_do_is_named_least_privileged_first()
    {
        Assert.Equal(
            [new("Presence.Read", Access.Self), new("Presence.Read.All", Access.Everyone)],
            Table.WouldDo(Operation.GetUserPresence, Work)
        );
        Assert.Equal(
            [new("Presence.Read.All", Access.Everyone)],
            Table.WouldDo(Operation.GetUserPresence, Work, Access.Everyone)
        );
        Assert.Equal(
            [new("Presence.Read.All", Access.Everyone), new("Presence.ReadWrite.All", Access.Everyone)],
            Table.WouldDo(Operation.GetUserPresence, App)
        );
    }

    [Fact]
    public void A_refusal_names_what_would_do_and_never_more_than_a_handful()
    {
        var refusal = Table.Forbid(Operation.GetUserPresence, Work, Access.Everyone);
        Assert.Equal(RefusalKind.PermissionMissing, refusal.Kind);
        var detail = Assert.Single(refusal.Details);
        Assert.Equal("Presence.Read.All", detail.Code);
        Assert.Contains("delegated permission Presence.Read.All", detail.Message);

        var many = Table.Forbid(Operation.ListUsers, App).Details;
        Assert.Equal(PermissionTable.NamedInRefusalMax, many.Count);
        Assert.Equal("User.ReadBasic.All", many[0].Code);
    }

    [Fact]
    public void The_published_ids_are_those_that_consent_screens_show()
    {
        var readAll = Table.Permissions["Presence.Read.All"];
        Assert.Equal(Guid.Parse("9c7a330d-35b3-4aa1-963d-cb2b9f927841"), readAll.DelegatedId);
        Assert.Equal(Guid.Parse("a70e0c2d-e793-494c-94c4-118fa0a67f42"), readAll.ApplicationId);
        Assert.False(readAll.DelegatedNeedsAdmin);
        Assert.Null(Table.Permissions["Presence.ReadWrite"].ApplicationId);
        Assert.True(Table.Permissions["User.Read.All"].DelegatedNeedsAdmin);
    }

    [Theory]
    [InlineData("""{"operation":"getFridge"}""", "unknown operation getFridge")]
    [InlineData("""{"operation":"getMe"},{"operation":"getMe"}""", "getMe has two rows")]
    [InlineData("""{"operation":"getMe"}""", "no row for GetMyPresence")]
    [InlineData("""{"operation":"getMe","application":{"User.Read":"some"}}""", "User.Read opens 'some'")]
    public void A_wrong_row_stops_the_start_and_is_named(string rows, string fault)
    {
        using var document = JsonDocument.Parse("{\"operations\":[" + rows + "],\"permissions\":{}}");
        var thrown = Assert.Throws<InvalidDataException>(() => PermissionRows.Read(document.RootElement));
        Assert.Contains(fault, thrown.Message);
    }

    private static Access Opened(Operation operation, CallerKind kind, string permissions) =>
        Table.AccessOf(kind, permissions.Split(' '))[(int)operation];
}
