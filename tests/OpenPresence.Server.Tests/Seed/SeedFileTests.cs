using System.Text;
using OpenPresence.Engine;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.Seed;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Seed;

public class SeedFileTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 21, 9, 30, 0, TimeSpan.Zero));

    private static readonly Guid TenantId = Guid.Parse("10000000-0000-0000-0000-000000000001");
    private static readonly Guid ClientId = Guid.Parse("20000000-0000-0000-0000-000000000001");
    private static readonly Guid PersonId = Guid.Parse("30000000-0000-0000-0000-000000000001");

    [Fact]
    public void Tenants_applications_and_people_become_changes_in_an_order_that_applies()
    {
        var seed = Read(SeedExamples.Full);

        var directory = new TenantDirectory();
        Assert.All(seed.Directory, change => Assert.Equal(DirectoryOutcome.Done, directory.Apply(change)));
        Assert.True(directory.TryGetTenant("fabrikam.example", out var tenant));
        Assert.Equal("Fabrikam", tenant.DisplayName);
        Assert.True(directory.TryGetPerson("ADA@fabrikam.example", out var ada));
        Assert.Equal(
            new Person(PersonId, TenantId, "ada@fabrikam.example", "Ada Lovelace")
            {
                GivenName = "Ada",
                Surname = "Lovelace",
                Mail = "ada@fabrikam.example",
                JobTitle = "Analyst",
                Department = "Engines",
                OfficeLocation = "12/3",
                MobilePhone = "+44 7700 900001",
                BusinessPhones = ["+44 20 7946 0001"],
                PreferredLanguage = "en-GB",
                TimeZone = "Europe/London",
                AccountEnabled = false,
            },
            ada
        );
        Assert.Contains(new PersonKnown(Guid.Parse("40000000-0000-0000-0000-000000000001"), TenantId), seed.Directory);
    }

    [Fact]
    public void Secrets_are_hashed_and_permissions_are_sorted_and_expanded()
    {
        var seed = Read(SeedExamples.Full);

        var application = seed.Directory.OfType<ApplicationUpserted>().First().Application;
        Assert.Equal(ClientId, application.ClientId);
        Assert.True(SecretHash.Verify("swordfish", Assert.Single(application.SecretHashes)));
        Assert.Single(application.Certificates);
        Assert.Equal(["http://localhost", "app://auth"], application.RedirectUris);
        Assert.Equal(["Presence.Read.All", "User.Read.All"], application.ApplicationPermissions);
        Assert.Contains("Presence.Read", application.DelegatedScopes);
        Assert.DoesNotContain("Presence.ReadWrite.All", application.DelegatedScopes);
        Assert.NotEqual(Guid.Empty, application.ServicePrincipalId);
    }

    [Fact]
    public void Every_permission_that_Graph_publishes_can_be_granted_by_its_name()
    {
        var seed = Read(
            SeedExamples
                .Full.Replace(
                    "\"User.Read.All\", ",
                    "\"Mail.Send\", \"Application.ReadWrite.OwnedBy\", ",
                    StringComparison.Ordinal
                )
                .Replace(
                    "\"delegatedScopes\": [\"*\"]",
                    "\"delegatedScopes\": [\"*\", \"Mail.Read\"]",
                    StringComparison.Ordinal
                )
        );

        var application = seed.Directory.OfType<ApplicationUpserted>().First().Application;
        Assert.Equal(
            ["Application.ReadWrite.OwnedBy", "Mail.Send", "Presence.Read.All"],
            application.ApplicationPermissions
        );
        Assert.Equal(
            PermissionTable
                .Built.Permissions.Values.Where(p => p.DelegatedId is not null)
                .Select(p => p.Name)
                .Append("Mail.Read")
                .Order(StringComparer.Ordinal),
            application.DelegatedScopes
        );
    }

    [Fact]
    public void The_example_of_the_documentation_can_be_loaded()
    {
        var page = ProjectFiles.Read("docs/issuers.md");
        var start = page.IndexOf("```json\n", StringComparison.Ordinal) + 8;
        var seed = Read(page[start..page.IndexOf("\n```", start, StringComparison.Ordinal)]);

        var application = Assert.Single(seed.Directory.OfType<ApplicationUpserted>()).Application;
        Assert.Contains("http://localhost/my/callback", application.RedirectUris);
        Assert.Contains("Mail.Read", application.DelegatedScopes);
    }

    [Fact]
    public void Presence_becomes_commands_with_relative_times_resolved()
    {
        var commands = Read(SeedExamples.Full)
            .Presence.Where(p => p.PersonId == PersonId)
            .Select(p => p.Command)
            .ToArray();

        var device = Assert.IsType<ReportDevice>(commands[1]);
        Assert.Equal(TimeSpan.FromDays(1), device.Duration);
        var midnight = Instant.From(new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero));
        PresenceCommand[] expected =
        [
            new SetPresence(ClientId, new(Availability.Busy, Activity.InACall), TimeSpan.FromHours(1)),
            new ReportDevice(device.DeviceId, new(Availability.Away, Activity.BeRightBack), TimeSpan.FromDays(1)),
            new SetUserPreferredPresence(new(Availability.DoNotDisturb, Activity.DoNotDisturb), TimeSpan.FromHours(3)),
            new SetStatusMessage("Back at noon", Now + TimeSpan.FromHours(2)),
            new SetCalendar([
                new(CalendarSpanKind.Meeting, Now - TimeSpan.FromMinutes(30), Now + TimeSpan.FromMinutes(30)),
                new(
                    CalendarSpanKind.Place,
                    Now + TimeSpan.FromHours(3),
                    Now + TimeSpan.FromHours(4),
                    WorkLocationType.Office,
                    "hq"
                ),
            ]),
            new SetAutomaticReplies(
                new(
                    Instant.From(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero)),
                    Now + TimeSpan.FromDays(1),
                    "I am out.\nWrite to Ben."
                )
            ),
            new SetManualLocation(WorkLocationType.Remote, "home", midnight),
            new SetAutomaticLocation(WorkLocationType.Office, null, Now + TimeSpan.FromHours(1)),
        ];
        Assert.Equal(expected, commands);
    }

    [Fact]
    public void A_plain_pair_is_a_device_that_holds_for_as_long_as_the_server_runs()
    {
        var command = Read(SeedExamples.Full).Presence.Last().Command;

        var device = Assert.IsType<ReportDevice>(command);
        Assert.Equal(new(Availability.DoNotDisturb, Activity.Presenting), device.Pair);
        Assert.Equal(SeedPresence.Forever, device.Duration);
    }

    [Fact]
    public void The_same_file_gives_the_same_ids_every_time()
    {
        static IEnumerable<object> Ids(SeededState seed) =>
            seed
                .Presence.Select(p => p.Command)
                .OfType<ReportDevice>()
                .Select(c => (object)c.DeviceId)
                .Concat(
                    seed.Directory.OfType<ApplicationUpserted>().Select(c => (object)c.Application.ServicePrincipalId)
                );

        Assert.Equal(Ids(Read(SeedExamples.Full)), Ids(Read(SeedExamples.Full)));
    }

    [Theory]
    [InlineData("Busy", 1)]
    [InlineData("DoNotDisturb", 1)]
    [InlineData("Away", 7)]
    public void A_preferred_presence_without_a_duration_has_the_default_of_Graph(string word, int days)
    {
        var seed = Read(
            $$"""
            {
              "tenants": [
                {
                  "id": "{{TenantId}}",
                  "displayName": "Fabrikam",
                  "domains": ["fabrikam.example"],
                  "people": [
                    {
                      "id": "{{PersonId}}",
                      "userPrincipalName": "ada@fabrikam.example",
                      "displayName": "Ada",
                      "presence": {
                        "preferred": { "availability": "{{word}}", "activity": "{{word}}" },
                      },
                    },
                  ],
                },
              ],
            }
            """
        );

        var command = Assert.Single(seed.Presence).Command;
        Assert.Equal(TimeSpan.FromDays(days), Assert.IsType<SetUserPreferredPresence>(command).Duration);
    }

    public static TheoryData<string> Faulty => SeedExamples.Faulty;

    [Theory]
    [MemberData(nameof(Faulty))]
    public void A_wrong_seed_names_every_fault_with_its_place(string path)
    {
        const string mark = "//! ";
        var expected = ProjectFiles
            .Lines(path)
            .Where(line => line.StartsWith(mark, StringComparison.Ordinal))
            .Select(line => line[mark.Length..]);
        var found = new List<JsoncFault>();

        Assert.Null(SeedFile.Read(Encoding.UTF8.GetBytes(ProjectFiles.Read(path)), Now, found));

        Assert.Equal(expected, found.Select(f => f.ToString()));
    }

    [Fact]
    public void A_fault_never_repeats_a_secret()
    {
        var found = new List<JsoncFault>();
        var seed = SeedExamples.Full.Replace("\"swordfish\"", "\"sword\\u0007fish\"");

        Assert.Null(SeedFile.Read(Encoding.UTF8.GetBytes(seed), Now, found, Pictures));

        Assert.DoesNotContain("sword", Assert.Single(found).ToString());
    }

    [Fact]
    public void A_file_beyond_the_limit_is_refused_before_it_is_read()
    {
        var found = new List<JsoncFault>();

        Assert.Null(SeedFile.Read(new byte[SeedFile.BytesMax + 1], Now, found));

        Assert.Contains("at most", Assert.Single(found).Message);
    }

    [Theory]
    [InlineData("photos/mara.png", true, null)]
    [InlineData("photos/nobody.png", true, "The photo cannot be read: ")]
    [InlineData("demo.seed.jsonc", true, "'demo.seed.jsonc' is no JPEG or PNG picture.")]
    [InlineData("photos/mara.png", false, "A photo is a file beside the seed; this seed is no file.")]
    public void A_photo_is_a_picture_beside_the_seed(string name, bool isFile, string? fault)
    {
        var found = new List<JsoncFault>();
        var text = SeedExamples.Full.Replace("photos/mara.png", name);
        var seed = SeedFile.Read(Encoding.UTF8.GetBytes(text), Now, found, isFile ? Pictures : null);
        if (fault is not null)
        {
            Assert.StartsWith(fault, Assert.Single(found).Message);
            Assert.EndsWith(".photo", found[0].Path, StringComparison.Ordinal);
            return;
        }
        var photo = Assert.Single(seed!.Photos);
        Assert.Equal(
            (PhotoForm.Png, 240, 240),
            (photo.Change.Photo!.Form, photo.Change.Photo.Width, photo.Change.Photo.Height)
        );
    }

    private static readonly SeedPictures Pictures = SeedPhotos.Beside(
        Path.Combine(ProjectFiles.Root, "src/OpenPresence.Server/Seed/demo.seed.jsonc")
    );

    private static SeededState Read(string text)
    {
        var faults = new List<JsoncFault>();
        var seed = SeedFile.Read(Encoding.UTF8.GetBytes(text), Now, faults, Pictures);
        Assert.Empty(faults);
        return seed!;
    }
}
