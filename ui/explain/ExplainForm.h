#pragma once

#include "core/store/Workspace.h"
#include "ui/explain/ExplainWork.h"

#include <QWidget>

#include <vector>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QSpinBox;

namespace limpid {

class Session;

/// What is to be explained and how: model version, method, and of the settings those that the method heeds. Choices are kept
/// with the session's view settings under "explain".
class ExplainForm : public QWidget
{
    Q_OBJECT
public:
    explicit ExplainForm(Session& session, QWidget* parent = nullptr);

    /// The version chosen; none where there is no model yet.
    std::optional<ModelVersion> version() const;
    ExplainQuestion question() const;
    std::string method() const;
    void setCost(const QString& sentence);
    /// The columns that the version takes, once it is loaded.
    void setColumns(const QStringList& columns);
    /// And those of them whose words it reads: where there are any, words can be asked for.
    void setTexts(const QStringList& columns);
    void setRunning(bool running);
    QPushButton* button() const { return m_button; }

signals:
    void changed();          ///< anything that changes what explaining would cost or give

private:
    void fillVersions();
    /// Those that there are for the players chosen; what was chosen stays where it can.
    void fillMethods();
    bool ofWords() const;
    void limitRows();
    /// Only what the method heeds is shown.
    void showFields();
    void restore();
    void keep();

    Session& m_session;
    struct Field {
        QLabel* label;
        QWidget* widget;
        int column, width;
    };
    std::vector<Field> m_fields;
    QGridLayout* m_grid;
    QComboBox *m_version, *m_players, *m_text, *m_method, *m_column, *m_space;
    QSpinBox *m_first, *m_rows, *m_background, *m_budget, *m_sample, *m_repeats, *m_depth;
    QLabel* m_cost;
    QPushButton* m_button;
    bool m_restoring = false;
};

} // namespace limpid
