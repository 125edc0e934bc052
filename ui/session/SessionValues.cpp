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
    const auto over = [this] {
        unwritten.erase(unwritten.begin(), unwritten.begin() + static_cast<std::ptrdiff_t>(std::exchange(writing, 0)));
        writeValues();
    };
    JobRunner::Options options;
    options.kind = "settings";
    options.tellCancelled = true;
    q.m_jobs.run(
        options, &q,
        [values = unwritten](Task&) {
            for (const UnwrittenValue& value : values)
                value.workspace->setValue(value.key, value.value);
            return true;
        },
        [over](bool) { over(); },
        [this, over](const std::exception_ptr& failure) {
            over();
            if (const QString sentence = sentenceOf(failure); !sentence.isEmpty())
                emit q.failed(sentence);
        });
}

} // namespace limpid
