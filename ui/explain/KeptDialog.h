#pragma once

#include "ui/explain/KeptModel.h"

#include <QDialog>

class QLabel;
class QPushButton;
class QTableView;

namespace limpid {

class Session;

/// The explanations that the workspace keeps: to look at again, to name so that they stay, to delete (which can be undone until the
/// next). Everything is read and written by jobs.
class KeptDialog : public QDialog
{
    Q_OBJECT
public:
    KeptDialog(Session& session, QWidget* parent = nullptr);

    /// Reads the list again.
    void refresh();
    /// Whether one can be shown just now.
    void setShowEnabled(bool enabled);

signals:
    void showAsked(const KeptEntry& entry);

private:
    const KeptEntry* current() const;
    void showButtons();
    void showSelected();
    void name(std::int64_t explanation, const QString& name);
    void remove();
    void restore();
    /// `work` on a worker, then the list anew.
    void change(std::function<void(Workspace&)> work, std::function<void()> done);

    Session& m_session;
    KeptModel* m_model;
    QTableView* m_table;
    QLabel *m_help, *m_empty, *m_status;
    QPushButton *m_show, *m_keep, *m_delete, *m_undo;
    bool m_showEnabled = true;
    std::uint64_t m_token = 0;
    std::int64_t m_wanted = 0;    ///< the explanation that is to be the current one once the list is there
    struct Deleted {
        ExplanationRecord record;
        std::string document;
    };
    std::shared_ptr<const Deleted> m_deleted;
};

} // namespace limpid
