using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.State.Directory;

public class TenantDirectoryTests
{
    private static readonly Guid ContosoId = Guid.Parse("aaaabbbb-0000-cccc-1111-dddd2222eeee");
    private static readonly Guid FabrikamId = Guid.Parse("99990000-0000-cccc-1111-dddd2222eeee");
    private static readonly Tenant Contoso = new(ContosoId, "Contoso", ["contoso.example", "contoso.test"]);
    private static readonly Tenant Fabrikam = new(FabrikamId, "Fabrikam", ["fabrikam.example"]);
    private static readonly Person Ada = new(Guid.NewGuid(), ContosoId, "ada@contoso.example", "Ada");
    private static readonly Person Ben = new(Guid.NewGuid(), ContosoId, "Ben@contoso.example", "Ben");
    private static readonly Application Dialler = new(Guid.NewGuid(), ContosoId, "Dialler");

    private readonly TenantDirectory _directory = new();

    public TenantDirectoryTests()
    {
        Done(new TenantUpserted(Contoso), new TenantUpserted(Fabrikam));
    }

    [Theory]
    [InlineData("aaaabbbb-0000-cccc-1111-dddd2222eeee")]
    [InlineData("AAAABBBB-0000-CCCC-1111-DDDD2222EEEE")]
    [InlineData("contoso.example")]
    [InlineData("Contoso.TEST")]
    public void A_tenant_is_found_by_id_and_by_each_domain(string idOrDomain)
    {
        Assert.True(_directory.TryGetTenant(idOrDomain, out var tenant));
        Assert.Equal(Contoso, tenant);
    }

    [Fact]
    public void A_tenant_beyond_the_limit_is_refused_and_those_that_are_there_may_change()
    {
        for (var number = 2; number < TenantDirectory.TenantsMax; number++)
        {
            Done(new TenantUpserted(new Tenant(new Guid(number, 0, 0, new byte[8]), "T", [])));
        }

        var oneMore = new TenantUpserted(new Tenant(Guid.NewGuid(), "One more", []));
        Assert.Equal(DirectoryOutcome.TooManyTenants, _directory.Apply(oneMore));
        Assert.False(_directory.TryGetTenant(oneMore.Tenant.Id, out _));
        Done(new TenantUpserted(Contoso with { DisplayName = "Still here" }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("contoso")]
    [InlineData("{aaaabbbb-0000-cccc-1111-dddd2222eeee}")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public void No_tenant_is_found_by_anything_else(string idOrDomain)
    {
        Assert.False(_directory.TryGetTenant(idOrDomain, out var tenant));
        Assert.Null(tenant);
    }

    [Fact]
    public void A_domain_that_a_tenant_gave_up_finds_it_no_more_and_is_free_for_another()
    {
        Done(
            new TenantUpserted(Contoso with { Domains = ["contoso.example"] }),
            new TenantUpserted(Fabrikam with { Domains = ["contoso.test"] })
        );

        Assert.True(_directory.TryGetTenant("contoso.test", out var tenant));
        Assert.Equal(FabrikamId, tenant.Id);
        Assert.False(_directory.TryGetTenant("fabrikam.example", out _));
    }

    [Fact]
    public void A_domain_of_another_tenant_is_refused_and_nothing_changes()
    {
        var outcome = _directory.Apply(
            new TenantUpserted(Fabrikam with { Domains = ["new.example", "CONTOSO.example"] })
        );

        Assert.Equal(DirectoryOutcome.DomainTaken, outcome);
        Assert.False(_directory.TryGetTenant("new.example", out _));
        Assert.True(_directory.TryGetTenant("fabrikam.example", out _));
    }

    [Fact]
    public void Tenants_are_ordered_by_id()
    {
        Assert.Equal([Fabrikam, Contoso], _directory.Tenants);
    }

    [Fact]
    public void A_person_is_found_by_id_and_by_name_in_any_case()
    {
        Done(new PersonUpserted(Ada));

        Assert.True(_directory.TryGetPerson(Ada.Id, out var byId));
        Assert.Equal(Ada, byId);
        Assert.True(_directory.TryGetPerson("ADA@Contoso.example", out var byName));
        Assert.Equal(Ada, byName);
        Assert.True(_directory.TryGetTenantOf(Ada.Id, out var tenantId));
        Assert.Equal(ContosoId, tenantId);
    }

    [Fact]
    public void A_person_with_a_new_name_is_not_found_by_the_old_one()
    {
        Done(new PersonUpserted(Ada), new PersonUpserted(Ada with { UserPrincipalName = "ada.king@contoso.example" }));

        Assert.False(_directory.TryGetPerson("ada@contoso.example", out _));
        Assert.True(_directory.TryGetPerson("ada.king@contoso.example", out _));
        Assert.Single(_directory.PeopleOf(ContosoId));
    }

    [Fact]
    public void A_name_that_only_changes_its_case_stays_taken_by_the_same_person()
    {
        Done(new PersonUpserted(Ada), new PersonUpserted(Ada with { UserPrincipalName = "ADA@contoso.example" }));

        Assert.True(_directory.TryGetPerson("ada@contoso.example", out var person));
        Assert.Equal("ADA@contoso.example", person.UserPrincipalName);
    }

    [Fact]
    public void A_name_that_somebody_has_is_refused_and_free_again_once_they_are_gone()
    {
        Done(new PersonUpserted(Ada));
        var taken = new PersonUpserted(Ben with { UserPrincipalName = "ADA@contoso.example" });

        Assert.Equal(DirectoryOutcome.UserPrincipalNameTaken, _directory.Apply(taken));
        Assert.False(_directory.TryGetPerson(Ben.Id, out _));

        Done(new PersonRemoved(Ada.Id), taken);
        Assert.True(_directory.TryGetPerson("ada@contoso.example", out var person));
        Assert.Equal(Ben.Id, person.Id);
    }

    [Fact]
    public void An_id_of_another_tenant_is_refused_for_people_and_applications()
    {
        Done(new PersonUpserted(Ada), new ApplicationUpserted(Dialler));

        Assert.Equal(
            DirectoryOutcome.IdOfAnotherTenant,
            _directory.Apply(new PersonUpserted(Ada with { TenantId = FabrikamId }))
        );
        Assert.Equal(DirectoryOutcome.IdOfAnotherTenant, _directory.Apply(new PersonKnown(Ada.Id, FabrikamId)));
        Assert.Equal(
            DirectoryOutcome.IdOfAnotherTenant,
            _directory.Apply(new ApplicationUpserted(Dialler with { TenantId = FabrikamId }))
        );
    }

    [Fact]
    public void Nobody_joins_a_tenant_that_does_not_exist()
    {
        var nowhere = Guid.NewGuid();
        DirectoryChange[] changes =
        [
            new PersonUpserted(Ada with { TenantId = nowhere }),
            new PersonKnown(Ada.Id, nowhere),
            new ApplicationUpserted(Dialler with { TenantId = nowhere }),
        ];

        Assert.All(changes, c => Assert.Equal(DirectoryOutcome.TenantUnknown, _directory.Apply(c)));
    }

    [Fact]
    public void A_person_known_by_id_only_is_not_kept_here_but_checked()
    {
        var id = Guid.NewGuid();
        Done(new PersonKnown(id, ContosoId));

        Assert.False(_directory.TryGetTenantOf(id, out _));
        Assert.False(_directory.TryGetPerson(id, out _));
        Assert.Empty(_directory.PeopleOf(ContosoId));
    }

    [Fact]
    public void Attributes_are_not_lost_by_knowing_the_id_again()
    {
        Done(new PersonUpserted(Ada), new PersonKnown(Ada.Id, ContosoId));

        Assert.True(_directory.TryGetPerson(Ada.Id, out var person));
        Assert.Equal(Ada, person);
    }

    [Fact]
    public void People_of_a_tenant_are_ordered_by_name_without_regard_to_case()
    {
        var zoe = new Person(Guid.NewGuid(), FabrikamId, "zoe@fabrikam.example", "Zoe");
        Done(new PersonUpserted(Ben), new PersonUpserted(zoe), new PersonUpserted(Ada));

        Assert.Equal([Ada, Ben], _directory.PeopleOf(ContosoId));
        Assert.Equal([zoe], _directory.PeopleOf(FabrikamId));
        Assert.Empty(_directory.PeopleOf(Guid.NewGuid()));
    }

    [Fact]
    public void Applications_are_found_by_client_id_until_they_are_removed()
    {
        Done(new ApplicationUpserted(Dialler));
        Assert.True(_directory.TryGetApplication(Dialler.ClientId, out var application));
        Assert.Equal(Dialler, application);
        Assert.Equal([Dialler], _directory.ApplicationsOf(ContosoId));

        Done(new ApplicationRemoved(Dialler.ClientId));
        Assert.False(_directory.TryGetApplication(Dialler.ClientId, out _));
    }

    [Fact]
    public void Removing_what_is_not_there_says_so()
    {
        Assert.Equal(DirectoryOutcome.PersonUnknown, _directory.Apply(new PersonRemoved(Guid.NewGuid())));
        Assert.Equal(DirectoryOutcome.ApplicationUnknown, _directory.Apply(new ApplicationRemoved(Guid.NewGuid())));
    }

    private void Done(params DirectoryChange[] changes) =>
        Assert.All(changes, c => Assert.Equal(DirectoryOutcome.Done, _directory.Apply(c)));
}
