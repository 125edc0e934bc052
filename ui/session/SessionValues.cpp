#include "ui/session/SessionPrivate.h"

namespace limpid {

void Session::keepValue(const QString& key, const nlohmann::json& value)
{
    if (!m_workspace)
        return;
    d->unwritten.push_back({m_workspace, key.toStdString(), value});
    d->writeValues();
}

void Session::Private::writeValues()
{
    if (writing > 0 || unwritten.empty())
        return;
    writing = unwritten.size();
    const auto over = [this](bool tried) {
        const std::size_t count = std::exchange(writing, 0);
        if (tried)
            unwritten.erase(unwritten.begin(), unwritten.begin() + static_cast<std::ptrdiff_t>(count));
        writeValues();
    };
    JobRunner::Options options;
    options.kind = "settings";
    options.tellCancelled = true;
    q.m_jobs.run(
        options, &q,
        [values = unwritten, order = writeOrder](Task& task) {
            for (const UnwrittenValue& value : values) {
                const std::lock_guard lock(*order);
                task.checkpoint(); // once close() has cancelled this, it writes all itself
                value.workspace->setValue(value.key, value.value);
            }
            return true;
        },
        [over](bool) { over(true); },
        [this, over](const std::exception_ptr& failure) {
            const QString sentence = sentenceOf(failure);
            over(!sentence.isEmpty()); // one that was cancelled begins anew
            if (!sentence.isEmpty())
                emit q.failed(sentence);
        });
}

} // namespace limpid
