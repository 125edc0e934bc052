#pragma once

#include "ui/explain/KeptModel.h"

#include <QFrame>

class QLabel;
class QPushButton;

namespace limpid {

class Session;

/// Says of a shown explanation that it is a kept one, from when and of what, and asks its question again to compare the answers byte for
/// byte, as a job.
class KeptNote : public QFrame
{
    Q_OBJECT
public:
    KeptNote(Session& session, QWidget* parent = nullptr);
    ~KeptNote() override;

    /// `sameModel`: whether the version's files are those that were explained.
    void show(const KeptEntry& entry, bool sameModel);
    /// Hides, and gives up comparing.
    void clear();

private:
    void compare();
    void setRunning(bool running);

    Session& m_session;
    QLabel* m_text;
    QPushButton* m_again;
    KeptEntry m_entry;
    QString m_what;
    std::uint64_t m_job = 0, m_token = 0;
};

} // namespace limpid
