using System.Buffers;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.State.Directory;

public class DirectoryCodecTests
{
    private static readonly Guid TenantId = Guid.Parse("aaaabbbb-0000-cccc-1111-dddd2222eeee");
    private static readonly Guid Id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff");
    private static readonly Person Bare = new(Id, TenantId, "ada@contoso.example", "Countess");
    private static readonly Person Full = Bare with
    {
        DisplayName = "Ada Løvelace",
        GivenName = "Ada",
        Surname = "Løvelace",
        Mail = "ada@contoso.example",
        JobTitle = "Analyst",
        Department = "Engines",
        OfficeLocation = "12/3",
        MobilePhone = "+44 20 7946 0000",
        BusinessPhones = ["+44 20 7946 0001", "+44 20 7946 0002"],
        PreferredLanguage = "en-GB",
        TimeZone = "Europe/London",
        AccountEnabled = false,
    };

    public static TheoryData<DirectoryChange> Changes =>
        [
            new TenantUpserted(new Tenant(TenantId, "Contoso", ["contoso.example", "c.test"])),
            new TenantUpserted(new Tenant(TenantId, "", [])),
            new PersonUpserted(Bare),
            new PersonUpserted(Full),
            new PersonUpserted(Full with { Mail = "Ada@contoso.example", GivenName = null }),
            new PersonUpserted(Bare with { GivenName = "", Surname = "", DisplayName = " " }),
            new PersonUpserted(Bare with { DisplayName = new string('é', 5_000) }),
            new PersonUpserted(Full with { ExternalId = "00u1f96ECLNVOKVMUSEA" }),
            new PersonUpserted(Bare with { ExternalId = "", DisplayName = "" }),
            new PersonRevised(Full, PersonVersion.None),
            new PersonRevised(Bare with { ExternalId = "701984" }, PersonVersion.Of(Full)),
            new PersonKnown(Id, TenantId),
            new PersonPhotoChanged(Id, null),
            new PersonPhotoChanged(Id, new PersonPhoto(new string('a', 64), PhotoForm.Png, 240, 100_000)),
            new PersonRemoved(Id),
            new ApplicationUpserted(new Application(Id, TenantId, "Dialler")),
            new ApplicationUpserted(
                new Application(Id, TenantId, "Dialler")
                {
                    ServicePrincipalId = TenantId,
                    IsPublicClient = true,
                    SecretHashes = ["pbkdf2-sha256$1$AAAA$AAAA"],
                    Certificates = ["MIIB", ""],
                    RedirectUris = ["http://localhost"],
                    ApplicationPermissions = ["Presence.Read.All"],
                    DelegatedScopes = ["Presence.Read", "User.Read"],
                }
            ),
            new ApplicationRemoved(Id),
        ];

    [Theory]
    [MemberData(nameof(Changes))]
    public void A_change_survives_its_bytes(DirectoryChange change)
    {
        Assert.Equal(change, DirectoryCodec.Read(BytesOf(change)));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void Bytes_that_are_cut_anywhere_or_go_on_are_refused(DirectoryChange change)
    {
        var bytes = BytesOf(change);

        for (var length = 0; length < Math.Min(bytes.Length, 400); length++)
        {
            var cut = bytes[..length];
            Assert.Throws<InvalidDataException>(() => DirectoryCodec.Read(cut));
        }

        Assert.Throws<InvalidDataException>(() => DirectoryCodec.Read([.. bytes, 0]));
    }

    [Theory]
    [InlineData("00")]
    [InlineData("08")]
    [InlineData("FFFFFFFFFF01")]
    [InlineData("0400")]
    public void Bytes_of_an_unknown_kind_are_refused(string hex)
    {
        Assert.Throws<InvalidDataException>(() => DirectoryCodec.Read(Convert.FromHexString(hex)));
    }

    [Fact]
    public void The_bytes_of_a_person_are_as_they_were_written_by_every_version_before()
    {
        var bytes = Convert.ToHexString(BytesOf(new PersonUpserted(Full)));

        Assert.Equal(
            "02"
                + "00112233445566778899AABBCCDDEEFF"
                + "AAAABBBB0000CCCC1111DDDD2222EEEE"
                + "13616461406"
                + "36F6E746F736F2E6578616D706C65"
                + "EF3F"
                + "03416461"
                + "094CC3B876656C616365"
                + "07416E616C797374"
                + "07456E67696E6573"
                + "0431322F33"
                + "102B34342032302037393436203030"
                + "3030"
                + "02102B343420323020373934362030303031102B343420323020373934362030303032"
                + "05656E2D4742"
                + "0D4575726F70652F4C6F6E646F6E",
            bytes
        );
    }

    [Fact]
    public void A_version_is_the_same_on_every_node_and_another_for_each_attribute()
    {
        Assert.Equal(PersonVersion.Of(Full), PersonVersion.Of(Full with { JobTitle = "Analyst" }));
        Assert.Equal(new PersonVersion(VersionOfFull), PersonVersion.Of(Full));
        Person[] others =
        [
            Full with
            {
                AccountEnabled = true,
            },
            Full with
            {
                ExternalId = "1",
            },
            Full with
            {
                Mail = null,
            },
            Full with
            {
                UserPrincipalName = "ADA@contoso.example",
            },
        ];
        Assert.All(others, o => Assert.NotEqual(PersonVersion.Of(Full), PersonVersion.Of(o)));
    }

    /// <summary>The journal holds it: never another one for the same attributes.</summary>
    private const long VersionOfFull = -8079442015555015808;

    private static byte[] BytesOf(DirectoryChange change)
    {
        var buffer = new ArrayBufferWriter<byte>();
        DirectoryCodec.Write(buffer, change);
        return buffer.WrittenSpan.ToArray();
    }
}
