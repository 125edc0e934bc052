#pragma once

#include "core/store/Workspace.h"
#include "ui/report/ReportContents.h"

#include <QDialog>
#include <QTimer>

class QCheckBox;
class QComboBox;
class QLabel;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace limpid {

class Session;

/// What a report of a version is to tell: which kept explanations, whether rows are explained anew, effects, quality; with what that takes.
/// Accepted, question() says it.
class ReportDialog : public QDialog
{
    Q_OBJECT
public:
    ReportDialog(Session& session, ModelVersion version, QWidget* parent = nullptr);
    ~ReportDialog() override;

    ReportQuestion question() const;
    const ModelVersion& version() const { return m_version; }

private:
    void readKept();
    void askCost();
    void changed();

    Session& m_session;
    const ModelVersion m_version;
    QListWidget* m_kept;
    QCheckBox *m_explain, *m_quality;
    QComboBox *m_method, *m_effects;
    QSpinBox* m_columns;
    QLabel* m_cost;
    QPushButton* m_write;
    QTimer m_costTimer;
    std::uint64_t m_job = 0, m_token = 0;
    bool m_read = false;    ///< the list is there
};

} // namespace limpid
