using System.Globalization;
using System.Text;
using Basilisk.Store.Documents;

namespace Basilisk.Store.Postgres;

/// <summary>Writes the SQL of a <see cref="DocumentQuery"/>.</summary>
internal sealed class DocumentSql
{
    private readonly List<object?> _parameters = [];
    private readonly StringBuilder _where = new();
    private readonly DocumentQuery _query;
    private readonly string _key;

    private DocumentSql(DocumentQuery query)
    {
        _query = query;
        _key = query.Index is null ? "id" : "key";
        And($"collection = {Parameter(query.Collection)}");
        if (query.Index is { } index)
        {
            And($"index_name = {Parameter(index)}");
        }
        if (query.KeyEquals is { } equals)
        {
            And($"{_key} = {Parameter(equals)}");
        }
        if (query.KeyPrefix is { } prefix)
        {
            And($"{_key} >= {Parameter(prefix)} and {_key} < {Parameter(prefix + StoredText.Last)}");
        }
        if (query.FromKey is { } from)
        {
            And($"{_key} {(query.Descending ? "<=" : ">=")} {Parameter(from)}");
        }
    }

    private string Table => _query.Index is null ? "mt_documents" : "mt_document_keys";

    public static (string Sql, object?[] Parameters) Count(DocumentQuery query)
    {
        var sql = new DocumentSql(query);
        return ($"select count(*) from {{schema}}.{sql.Table}{sql._where}", [.. sql._parameters]);
    }

    /// <summary>Rows of (id, key, data), one more than the limit so that the caller knows whether there is a next page.</summary>
    public static (string Sql, object?[] Parameters) Page(DocumentQuery query)
    {
        var sql = new DocumentSql(query);
        sql.AddAfter();
        var direction = query.Descending ? "desc" : "asc";
        var limit = (query.Limit + 1).ToString(CultureInfo.InvariantCulture);
        if (query.Index is null)
        {
            return ($"select id, id, data::text from {{schema}}.mt_documents{sql._where} order by id {direction} limit {limit}", [.. sql._parameters]);
        }
        // The keys are cut to the page first; only then are the documents fetched.
        return ($$"""
            select k.id, k.key, d.data::text
            from (select collection, id, key from {schema}.mt_document_keys{{sql._where}}
                order by key {{direction}}, id {{direction}} limit {{limit}}) k
            join {schema}.mt_documents d on d.collection = k.collection and d.id = k.id
            order by k.key {{direction}}, k.id {{direction}}
            """, [.. sql._parameters]);
    }

    private void AddAfter()
    {
        if (_query.After is not { } after)
        {
            return;
        }
        var than = _query.Descending ? "<" : ">";
        And(_query.Index is null
            ? $"id {than} {Parameter(after.Id)}"
            : $"(key, id) {than} ({Parameter(after.Key)}, {Parameter(after.Id)})");
    }

    private void And(string condition) => _where.Append(_where.Length == 0 ? " where " : " and ").Append(condition);

    private string Parameter(string value)
    {
        _parameters.Add(value);
        return "$" + _parameters.Count.ToString(CultureInfo.InvariantCulture);
    }
}
