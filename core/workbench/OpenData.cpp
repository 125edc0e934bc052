#include "core/workbench/Workbench.h"

#include "core/base/Hash.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <future>

namespace limpid {

namespace fs = std::filesystem;

namespace {

/// Hashes a file on a thread of its own while it is being read; given up at once when reading fails.
class FileHash
{
public:
    explicit FileHash(const fs::path& path)
        : m_hash(std::async(std::launch::async, [this, path] { return compute(path); }))
    {
    }
    ~FileHash() { m_stop = true; }
    FileHash(const FileHash&) = delete;
    FileHash& operator=(const FileHash&) = delete;

    std::string wait(const Task& task)
    {
        while (m_hash.wait_for(std::chrono::milliseconds(20)) != std::future_status::ready)
            task.checkpoint();
        return m_hash.get();
    }

private:
    std::string compute(const fs::path& path) const
    {
        Sha256 hash;
        std::error_code error;
        if (!fs::is_regular_file(path, error)) // what it is instead, the reader says
            return {};
        std::ifstream stream(path, std::ios::binary);
        std::vector<char> buffer(1 << 20);
        while (!m_stop && (stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || stream.gcount() > 0))
            hash.add(std::string_view(buffer.data(), static_cast<std::size_t>(stream.gcount())));
        return hash.hex();
    }

    std::atomic<bool> m_stop{false};
    std::future<std::string> m_hash; ///< last: its destructor waits, and the thread uses m_stop
};

std::string lowerCase(std::string text)
{
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

} // namespace

DataSet openData(const fs::path& path, const CsvOptions& options, Task& task)
{
    FileHash hash(path);
    DataSet data;
    data.path = path;
    data.csv = readCsv(path, options, task);
    data.sha256 = hash.wait(task);
    return data;
}

DataSet openDataForModel(const fs::path& path, const Pipeline& pipeline, Task& task)
{
    CsvOptions options;
    options.types = pipeline.columnTypes();
    options.missingMarks = pipeline.spec().missingMarks;
    DataSet data = openData(path, options, task);
    throwFirstError(notFiniteErrors(data, [&](const std::string& column) { return options.types.contains(column); }));
    return data;
}

Issues notFiniteErrors(const DataSet& data, const std::function<bool(const std::string&)>& used)
{
    Issues errors;
    for (const Issue& issue : data.csv.issues)
        if (issue.code == ErrorCode::ColumnNotFinite && used(issue.where))
            errors.push_back({Severity::Error, issue.where, issue.code, issue.facts});
    return errors;
}

std::string suggestTarget(const Table& table)
{
    // What targets are called in the data sets that people learn and teach with, the surest names first.
    static constexpr std::array names = {"target",    "label",   "labels",  "class",    "y",      "outcome", "response",
                                         "diagnosis", "species", "survived", "churn",   "income", "price",   "quality"};
    for (const char* name : names) {
        for (const std::string& column : table.names())
            if (lowerCase(column) == name)
                return column;
    }
    for (std::size_t i = table.columnCount(); i-- > 0;) {
        const ColumnType type = table.column(i).type();
        if (type == ColumnType::Category || type == ColumnType::Boolean)
            return table.column(i).name();
    }
    return table.columnCount() > 0 ? table.column(table.columnCount() - 1).name() : std::string();
}

} // namespace limpid
