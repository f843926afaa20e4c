using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.State.Directory;

/// <summary>What the packed table should do, done in the plainest way.</summary>
internal sealed class PeopleModel
{
    private readonly Dictionary<Guid, Person> _people = [];

    public DirectoryOutcome Put(Person person)
    {
        if (_people.TryGetValue(person.Id, out var before) && before.TenantId != person.TenantId)
        {
            return DirectoryOutcome.IdOfAnotherTenant;
        }

        if (Get(person.UserPrincipalName) is { } owner && owner.Id != person.Id)
        {
            return DirectoryOutcome.UserPrincipalNameTaken;
        }

        if (
            person.ExternalId is { } externalId
            && Get(person.TenantId, externalId) is { } holder
            && holder.Id != person.Id
        )
        {
            return DirectoryOutcome.ExternalIdTaken;
        }

        if (before is not null)
        {
            _byName.Remove(before.UserPrincipalName);
        }

        _people[person.Id] = person;
        _byName[person.UserPrincipalName] = person;
        return DirectoryOutcome.Done;
    }

    private readonly Dictionary<string, Person> _byName = new(AsciiCaseComparer.Instance);

    public DirectoryOutcome Remove(Guid id)
    {
        if (!_people.Remove(id, out var person))
        {
            return DirectoryOutcome.PersonUnknown;
        }

        _byName.Remove(person.UserPrincipalName);
        return DirectoryOutcome.Done;
    }

    public Person? Get(Guid id) => _people.GetValueOrDefault(id);

    public Person? Get(string name) => _byName.GetValueOrDefault(name);

    public Person? Get(Guid tenantId, string externalId) =>
        _people.Values.FirstOrDefault(person => person.TenantId == tenantId && person.ExternalId == externalId);

    public IEnumerable<Person> Of(Guid tenantId) =>
        _people
            .Values.Where(person => person.TenantId == tenantId)
            .OrderBy(person => person.UserPrincipalName, AsciiCaseComparer.Instance);
}
