#pragma once

#include "core/store/Workspace.h"

#include <QComboBox>

namespace limpid {

struct DataSet;
class Session;

/// The workspace's model versions, newest first. Unless one was chosen by hand that suits the open file, the newest that does is
/// chosen: whenever a file is opened or a version comes.
class VersionBox : public QComboBox
{
    Q_OBJECT
public:
    explicit VersionBox(Session& session, QWidget* parent = nullptr);

    /// The version chosen; none where there is no model yet.
    std::optional<ModelVersion> version() const;
    /// "NAME@VERSION", as if by hand.
    void choose(const QString& reference);

signals:
    void versionChanged();

private:
    void fill();
    /// Has a worker look which versions the open file suits.
    void findFitting();
    void showVersion(int index);

    Session& m_session;
    bool m_byHand = false;
    std::shared_ptr<const DataSet> m_lookedAt;   ///< the file that versions were last held against
    QStringList m_lookedFor;                     ///< and these
    std::uint64_t m_job = 0, m_token = 0;
};

} // namespace limpid
