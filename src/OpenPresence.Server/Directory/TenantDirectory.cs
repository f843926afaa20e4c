using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OpenPresence.Server.Directory;

/// <summary>
/// The tenants, people and applications of this installation: one writer, many lock-free readers.
/// </summary>
/// <remarks>
/// A deterministic state machine like the board: the journal's entries go through <see cref="Apply"/> in order, and
/// two directories that saw the same ones are equal, whatever was read in between. Names are
/// compared without regard to the case of A to Z (see <see cref="AsciiCaseComparer"/>).
/// </remarks>
public sealed class TenantDirectory
{
    private readonly ConcurrentDictionary<Guid, Tenant> _tenants = new();
    private readonly ConcurrentDictionary<string, Guid> _tenantByDomain = new(
        AsciiCaseComparer.Instance
    );
    private readonly ConcurrentDictionary<Guid, Person> _people = new();
    private readonly ConcurrentDictionary<Guid, Guid> _knownTenantOf = new();
    private readonly ConcurrentDictionary<string, Guid> _personByName = new(
        AsciiCaseComparer.Instance
    );
    private readonly ConcurrentDictionary<Guid, Application> _applications = new();

    /// <summary>All tenants, ordered by id.</summary>
    public IReadOnlyCollection<Tenant> Tenants => [.. _tenants.Values.OrderBy(t => t.Id)];

    public bool TryGetTenant(Guid id, [NotNullWhen(true)] out Tenant? tenant) =>
        _tenants.TryGetValue(id, out tenant);

    /// <summary>By id or by a domain name, without regard to case.</summary>
    public bool TryGetTenant(string idOrDomain, [NotNullWhen(true)] out Tenant? tenant)
    {
        tenant = null;
        return (
                Guid.TryParseExact(idOrDomain, "D", out var id)
                || _tenantByDomain.TryGetValue(idOrDomain, out id)
            ) && _tenants.TryGetValue(id, out tenant);
    }

    /// <summary>The tenant of a person, also of one of whom only the id is known.</summary>
    public bool TryGetTenantOf(Guid personId, out Guid tenantId)
    {
        if (_people.TryGetValue(personId, out var person))
        {
            tenantId = person.TenantId;
            return true;
        }

        return _knownTenantOf.TryGetValue(personId, out tenantId);
    }

    /// <summary>A person with attributes; not one of whom only the id is known.</summary>
    public bool TryGetPerson(Guid id, [NotNullWhen(true)] out Person? person) =>
        _people.TryGetValue(id, out person);

    /// <summary>By user principal name, without regard to case.</summary>
    public bool TryGetPerson(string userPrincipalName, [NotNullWhen(true)] out Person? person)
    {
        person = null;
        return _personByName.TryGetValue(userPrincipalName, out var id)
            && _people.TryGetValue(id, out person);
    }

    public bool TryGetApplication(
        Guid clientId,
        [NotNullWhen(true)] out Application? application
    ) => _applications.TryGetValue(clientId, out application);

    /// <summary>The applications of a tenant, ordered by client id.</summary>
    public IReadOnlyList<Application> ApplicationsOf(Guid tenantId) =>
        [.. _applications.Values.Where(a => a.TenantId == tenantId).OrderBy(a => a.ClientId)];

    /// <summary>The people of a tenant who have attributes, ordered by user principal name.</summary>
    public IReadOnlyList<Person> PeopleOf(Guid tenantId) =>
        [
            .. _people
                .Values.Where(p => p.TenantId == tenantId)
                .OrderBy(p => p.UserPrincipalName, AsciiCaseComparer.Instance),
        ];

    /// <summary>Applies one change; everything but Done leaves the directory as it was.</summary>
    public DirectoryOutcome Apply(DirectoryChange change) =>
        change switch
        {
            TenantUpserted c => Upsert(c.Tenant),
            PersonUpserted c => Upsert(c.Person),
            PersonKnown c => Know(c),
            PersonRemoved c => RemovePerson(c.Id),
            ApplicationUpserted c => Upsert(c.Application),
            ApplicationRemoved c => RemoveApplication(c.ClientId),
            _ => throw new NotSupportedException($"No rule for {change.GetType().Name}."),
        };

    public DirectoryOutcome Upsert(Tenant tenant)
    {
        foreach (var domain in tenant.Domains)
        {
            if (_tenantByDomain.TryGetValue(domain, out var owner) && owner != tenant.Id)
            {
                return DirectoryOutcome.DomainTaken;
            }
        }

        if (_tenants.TryGetValue(tenant.Id, out var before))
        {
            foreach (var domain in before.Domains)
            {
                _tenantByDomain.TryRemove(domain, out _);
            }
        }

        _tenants[tenant.Id] = tenant;
        foreach (var domain in tenant.Domains)
        {
            _tenantByDomain[domain] = tenant.Id;
        }

        return DirectoryOutcome.Done;
    }

    public DirectoryOutcome Upsert(Person person)
    {
        if (!_tenants.ContainsKey(person.TenantId))
        {
            return DirectoryOutcome.TenantUnknown;
        }

        if (TryGetTenantOf(person.Id, out var tenantId) && tenantId != person.TenantId)
        {
            return DirectoryOutcome.IdOfAnotherTenant;
        }

        var name = person.UserPrincipalName;
        if (_personByName.TryGetValue(name, out var owner) && owner != person.Id)
        {
            return DirectoryOutcome.UserPrincipalNameTaken;
        }

        _people.TryGetValue(person.Id, out var before);
        _people[person.Id] = person;
        _personByName[name] = person.Id;
        _knownTenantOf.TryRemove(person.Id, out _);
        if (
            before is not null
            && !AsciiCaseComparer.Instance.Equals(before.UserPrincipalName, name)
        )
        {
            _personByName.TryRemove(before.UserPrincipalName, out _);
        }

        return DirectoryOutcome.Done;
    }

    /// <summary>The directory as it is now, to be written later; called by the writer.</summary>
    public DirectoryCut Cut() =>
        new([
            .. Tenants.Select(t => new TenantUpserted(t)),
            .. _applications
                .Values.OrderBy(a => a.ClientId)
                .Select(a => new ApplicationUpserted(a)),
            .. _people.Values.OrderBy(p => p.Id).Select(p => new PersonUpserted(p)),
            .. _knownTenantOf.OrderBy(p => p.Key).Select(p => new PersonKnown(p.Key, p.Value)),
        ]);

    /// <summary>Becomes what a cut wrote, whatever it was before; takes exactly the cut's bytes.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public void ReadFrom(Stream input)
    {
        _tenants.Clear();
        _tenantByDomain.Clear();
        _people.Clear();
        _knownTenantOf.Clear();
        _personByName.Clear();
        _applications.Clear();
        var frames = new FrameReader(input);
        for (var frame = frames.Next(); !frame.IsEmpty; frame = frames.Next())
        {
            var values = new PackedReader(frame);
            while (!values.AtEnd)
            {
                if (Apply(DirectoryCodec.Read(values.TextBytes())) != DirectoryOutcome.Done)
                {
                    throw PackedReader.Broken();
                }
            }
        }
    }

    private DirectoryOutcome Know(PersonKnown change)
    {
        if (!_tenants.ContainsKey(change.TenantId))
        {
            return DirectoryOutcome.TenantUnknown;
        }

        if (TryGetTenantOf(change.Id, out var tenantId))
        {
            return tenantId == change.TenantId
                ? DirectoryOutcome.Done
                : DirectoryOutcome.IdOfAnotherTenant;
        }

        _knownTenantOf[change.Id] = change.TenantId;
        return DirectoryOutcome.Done;
    }

    public DirectoryOutcome RemovePerson(Guid id)
    {
        if (_people.TryRemove(id, out var person))
        {
            _personByName.TryRemove(person.UserPrincipalName, out _);
            return DirectoryOutcome.Done;
        }

        return _knownTenantOf.TryRemove(id, out _)
            ? DirectoryOutcome.Done
            : DirectoryOutcome.PersonUnknown;
    }

    public DirectoryOutcome Upsert(Application application)
    {
        if (!_tenants.ContainsKey(application.TenantId))
        {
            return DirectoryOutcome.TenantUnknown;
        }

        if (
            _applications.TryGetValue(application.ClientId, out var before)
            && before.TenantId != application.TenantId
        )
        {
            return DirectoryOutcome.IdOfAnotherTenant;
        }

        _applications[application.ClientId] = application;
        return DirectoryOutcome.Done;
    }

    public DirectoryOutcome RemoveApplication(Guid clientId) =>
        _applications.TryRemove(clientId, out _)
            ? DirectoryOutcome.Done
            : DirectoryOutcome.ApplicationUnknown;
}
