using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// The tenants, people and applications of this installation: one writer, many lock-free readers.
/// </summary>
/// <remarks>
/// A deterministic state machine like the board: the journal's entries go through <see cref="Apply"/> in order, and
/// two directories that saw the same ones are equal, whatever was read in between. Names are
/// compared without regard to the case of A to Z (see <see cref="AsciiCaseComparer"/>). Tenants and
/// applications are few and kept as they are; people may be millions and are packed (see
/// <see cref="PeopleTable"/>). People of whom only the id is known live on the board alone.
/// </remarks>
public sealed class TenantDirectory
{
    /// <summary>The most tenants of one installation: the board numbers them in two bytes.</summary>
    public const int TenantsMax = ushort.MaxValue;

    private ImmutableDictionary<Guid, Tenant> _tenants = ImmutableDictionary.Create<Guid, Tenant>();
    private ImmutableDictionary<string, Guid> _tenantByDomain = NoDomains;
    private ImmutableDictionary<Guid, Application> _applications = ImmutableDictionary.Create<Guid, Application>();
    private PeopleTable _people = new();

    /// <summary>Bytes of people's packed attributes.</summary>
    internal long PeopleBytes => _people.RecordBytes;

    private static ImmutableDictionary<string, Guid> NoDomains =>
        ImmutableDictionary.Create<string, Guid>(AsciiCaseComparer.Instance);

    /// <summary>All tenants, ordered by id.</summary>
    public IReadOnlyCollection<Tenant> Tenants => [.. Volatile.Read(ref _tenants).Values.OrderBy(tenant => tenant.Id)];

    public bool TryGetTenant(Guid id, [NotNullWhen(true)] out Tenant? tenant) =>
        Volatile.Read(ref _tenants).TryGetValue(id, out tenant);

    /// <summary>By id or by a domain name, without regard to case.</summary>
    public bool TryGetTenant(string idOrDomain, [NotNullWhen(true)] out Tenant? tenant)
    {
        tenant = null;
        return (
                Guid.TryParseExact(idOrDomain, "D", out var id)
                || Volatile.Read(ref _tenantByDomain).TryGetValue(idOrDomain, out id)
            ) && TryGetTenant(id, out tenant);
    }

    /// <summary>The tenant of a person who has attributes.</summary>
    public bool TryGetTenantOf(Guid personId, out Guid tenantId) =>
        Volatile.Read(ref _people).TryGetTenantOf(personId, out tenantId);

    /// <summary>A person with attributes; not one of whom only the id is known.</summary>
    public bool TryGetPerson(Guid id, [NotNullWhen(true)] out Person? person) =>
        Volatile.Read(ref _people).TryGet(id, out person);

    /// <summary>By user principal name, without regard to case.</summary>
    public bool TryGetPerson(string userPrincipalName, [NotNullWhen(true)] out Person? person) =>
        Volatile.Read(ref _people).TryGet(userPrincipalName, out person);

    /// <summary>By what an identity provider calls the person, in this very spelling.</summary>
    public bool TryGetPersonByExternalId(Guid tenantId, string externalId, [NotNullWhen(true)] out Person? person) =>
        Volatile.Read(ref _people).TryGetByExternalId(tenantId, externalId, out person);

    public bool TryGetApplication(Guid clientId, [NotNullWhen(true)] out Application? application) =>
        Volatile.Read(ref _applications).TryGetValue(clientId, out application);

    /// <summary>The applications of a tenant, ordered by client id.</summary>
    public IReadOnlyList<Application> ApplicationsOf(Guid tenantId) =>
        [
            .. Volatile
                .Read(ref _applications)
                .Values.Where(application => application.TenantId == tenantId)
                .OrderBy(application => application.ClientId),
        ];

    /// <summary>
    /// The people of a tenant who have attributes, ordered by user principal name; made one by one while they
    /// are asked for, so that a page of a million costs a page.
    /// </summary>
    public IEnumerable<Person> PeopleOf(Guid tenantId) => Volatile.Read(ref _people).Of(tenantId);

    /// <summary>
    /// The same from a user principal name on, that one included, for looking at many: one object is each of them
    /// in turn.
    /// </summary>
    public IEnumerable<PackedPerson> RowsOf(Guid tenantId, string from) =>
        Volatile.Read(ref _people).RowsOf(tenantId, from);

    /// <summary>The digests of the photos that a person has, of those that begin so.</summary>
    public HashSet<string> PhotoNames(string prefix = "") =>
        [
            .. Volatile
                .Read(ref _tenants)
                .Keys.SelectMany(tenantId => RowsOf(tenantId, from: ""))
                .Where(row => row.HasPhoto)
                .Select(row => row.Unpack().Photo!.Sha256)
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal)),
        ];

    /// <summary>How many people with attributes a tenant has.</summary>
    public int CountPeople(Guid tenantId) => Volatile.Read(ref _people).CountOf(tenantId);

    /// <summary>Some of a tenant's people, by their numbers in that order.</summary>
    public IEnumerable<Person> PeopleOf(Guid tenantId, int skip, int take) =>
        Volatile.Read(ref _people).Page(tenantId, skip, take);

    /// <summary>Applies one change; everything but Done leaves the directory as it was.</summary>
    public DirectoryOutcome Apply(DirectoryChange change) =>
        change switch
        {
            TenantUpserted c => Upsert(c.Tenant),
            PersonUpserted c => Upsert(c.Person),
            PersonRevised c => VersionOf(c.Person.Id) == c.Was ? Upsert(c.Person) : DirectoryOutcome.PersonChanged,
            PersonKnown c => Know(c),
            PersonPhotoChanged c => _people.SetPhoto(c.PersonId, c.Photo),
            PersonRemoved c => RemovePerson(c.Id),
            ApplicationUpserted c => Upsert(c.Application),
            ApplicationRemoved c => RemoveApplication(c.ClientId),
            _ => throw new NotSupportedException($"No rule for {change.GetType().Name}."),
        };

    public DirectoryOutcome Upsert(Tenant tenant)
    {
        if (_tenants.Count == TenantsMax && !_tenants.ContainsKey(tenant.Id))
        {
            return DirectoryOutcome.TooManyTenants;
        }

        var domains = _tenantByDomain.RemoveRange(
            _tenants.TryGetValue(tenant.Id, out var before) ? before.Domains : []
        );
        if (tenant.Domains.Any(domains.ContainsKey))
        {
            return DirectoryOutcome.DomainTaken;
        }

        foreach (var domain in tenant.Domains)
        {
            domains = domains.SetItem(domain, tenant.Id);
        }

        _people.AddTenant(tenant.Id);
        Volatile.Write(ref _tenants, _tenants.SetItem(tenant.Id, tenant));
        Volatile.Write(ref _tenantByDomain, domains);
        return DirectoryOutcome.Done;
    }

    public DirectoryOutcome Upsert(Person person) => _people.Put(person);

    private PersonVersion VersionOf(Guid personId) =>
        TryGetPerson(personId, out var person) ? PersonVersion.Of(person) : PersonVersion.None;

    public DirectoryOutcome RemovePerson(Guid id) => _people.Remove(id);

    public DirectoryOutcome Upsert(Application application)
    {
        if (!_tenants.ContainsKey(application.TenantId))
        {
            return DirectoryOutcome.TenantUnknown;
        }

        if (_applications.TryGetValue(application.ClientId, out var before) && before.TenantId != application.TenantId)
        {
            return DirectoryOutcome.IdOfAnotherTenant;
        }

        Volatile.Write(ref _applications, _applications.SetItem(application.ClientId, application));
        return DirectoryOutcome.Done;
    }

    public DirectoryOutcome RemoveApplication(Guid clientId)
    {
        var fewer = _applications.Remove(clientId);
        var isKnown = fewer != _applications;
        Volatile.Write(ref _applications, fewer);
        return isKnown ? DirectoryOutcome.Done : DirectoryOutcome.ApplicationUnknown;
    }

    /// <summary>
    /// The directory as it is now, to be written later; called by the writer, whom it costs some microseconds.
    /// </summary>
    public DirectoryCut Cut() => new(_tenants, _applications, _people.Cut());

    /// <summary>Forgets every person and everything else.</summary>
    public void Clear()
    {
        Volatile.Write(ref _tenants, _tenants.Clear());
        Volatile.Write(ref _tenantByDomain, NoDomains);
        Volatile.Write(ref _applications, _applications.Clear());
        Volatile.Write(ref _people, new PeopleTable());
    }

    /// <summary>Becomes what a cut wrote, whatever it was before; takes exactly the cut's bytes.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public void ReadFrom(Stream input)
    {
        Clear();
        var frames = new FrameReader(input);
        for (var frame = frames.Next(); !frame.IsEmpty; frame = frames.Next())
        {
            var values = new PackedReader(frame);
            while (!values.AtEnd)
            {
                Demand(Upsert(DirectoryCodec.ReadTenant(ref values)));
            }
        }

        for (var frame = frames.Next(); !frame.IsEmpty; frame = frames.Next())
        {
            var values = new PackedReader(frame);
            while (!values.AtEnd)
            {
                Demand(Upsert(DirectoryCodec.ReadApplication(ref values)));
            }
        }

        foreach (var tenant in Tenants)
        {
            _people.Load(tenant.Id, frames);
        }
    }

    /// <summary>Only what can be refused is checked: see the remarks of the class.</summary>
    private DirectoryOutcome Know(PersonKnown change) =>
        !_tenants.ContainsKey(change.TenantId) ? DirectoryOutcome.TenantUnknown
        : TryGetTenantOf(change.Id, out var tenantId) && tenantId != change.TenantId
            ? DirectoryOutcome.IdOfAnotherTenant
        : DirectoryOutcome.Done;

    private static void Demand(DirectoryOutcome outcome)
    {
        if (outcome != DirectoryOutcome.Done)
        {
            throw PackedReader.Broken();
        }
    }
}
